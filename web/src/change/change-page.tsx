import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ChangeDetail } from '../../../src/contract/changes.ts';
import type { ChangeStatement } from '../../../src/core/evidence/change-evidence.ts';
import { apiQuery } from '../api/queries.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { OutsideLink } from '../kit/links.tsx';
import { PageHeader } from '../kit/page.tsx';
import { EmptyState, ErrorState, LoadingBlock } from '../kit/states.tsx';
import { AttributionSection } from './attribution-section.tsx';
import styles from './change.module.css';
import { Code } from './code.tsx';
import { Decisions } from './decisions.tsx';
import { Evidence } from './evidence.tsx';
import { FiveFacts } from './five-facts.tsx';
import { RiskSection } from './risk-section.tsx';
import { statementOf } from './statement-of.ts';
import { TimeLine } from './time-line.tsx';
import { VerifyHere } from './verify-here.tsx';

const route = getRouteApi('/inside/change');

const refreshMs = 30_000;

export function ChangePage() {
  const { repo, id } = route.useSearch();
  const isNamed = repo !== '' && id !== '';
  const change = useQuery({
    ...apiQuery('getChange', { query: { repo, id } }),
    enabled: isNamed,
    // What is open changes with each review and check.
    refetchInterval: ({ state }) => (state.data?.item.state === 'open' ? refreshMs : false),
  });
  if (!isNamed) {
    return (
      <>
        <PageHeader title="Change" />
        <EmptyState title="Which change?" action={<Link to="/changes">To the list of changes</Link>}>
          <p>This address names no repository or no change. Choose one from the list.</p>
        </EmptyState>
      </>
    );
  }
  if (change.data) return <Detail key={`${repo} ${id}`} detail={change.data} />;
  return (
    <>
      <PageHeader title="Change" meta={<HostileText text={`${repo} ${id}`} />} />
      {change.error ? (
        <ErrorState error={change.error} onRetry={() => void change.refetch()} />
      ) : (
        <LoadingBlock height="80vh" />
      )}
    </>
  );
}

const parts = [
  ['time-line', 'Time line'],
  ['attribution', 'Attribution'],
  ['risk', 'Risk'],
  ['decisions', 'Reviews and gates'],
  ['verify', 'Verify here'],
  ['evidence', 'Evidence'],
  ['code', 'Commits and files'],
] as const;

function Detail({ detail }: { readonly detail: ChangeDetail }) {
  const [isVerified, setVerified] = useState(false);
  function verifyNow() {
    setVerified(true);
    document.getElementById('verify')?.scrollIntoView();
  }
  const { item } = detail;
  const { statement, missing } = statementOf(detail.statement);
  const number = item.number === null ? '' : `#${item.number} `;
  return (
    <>
      <PageHeader
        title={`${number}${item.title}`.slice(0, 120)}
        heading={
          <>
            {number}
            <HostileText text={item.title} limit={200} />
          </>
        }
        meta={
          <>
            <HostileText text={item.repoId} limit={80} />
            {addressesOf(statement).map((url) => (
              <span key={url}>
                {' · '}
                <OutsideLink href={url}>
                  {url.includes('/commit/') ? 'commit' : 'pull request'} at its host
                </OutsideLink>
              </span>
            ))}
          </>
        }
      />
      <FiveFacts detail={detail} statement={statement} onVerify={verifyNow} />
      <ul className={`${styles.jump} no-print`} aria-label="Parts of this page">
        {parts.map(([anchor, name]) => (
          <li key={anchor}>
            <a href={`#${anchor}`}>{name}</a>
          </li>
        ))}
      </ul>
      {statement ? (
        <>
          <TimeLine detail={detail} statement={statement} />
          <AttributionSection attribution={statement.predicate.attribution} />
          <RiskSection risk={statement.predicate.risk} />
          <Decisions evidence={statement.predicate} />
        </>
      ) : (
        <EmptyState title="The sealed record cannot be shown">
          <p>{missing}</p>
        </EmptyState>
      )}
      <VerifyHere
        sealed={detail.sealed}
        statementDigest={detail.statementDigest}
        isAsked={isVerified}
        onAsk={() => setVerified(true)}
      />
      <Evidence detail={detail} statement={statement} />
      <Code detail={detail} />
      {item.state === 'merged' && <Neighbours detail={detail} />}
    </>
  );
}

function addressesOf(statement: ChangeStatement | undefined): readonly string[] {
  const { change, pullRequest } = statement?.predicate ?? {};
  return [...new Set([...(pullRequest ? [pullRequest.url] : []), ...(change?.urls ?? [])])];
}

function Neighbours({ detail: { item, older, newer } }: { readonly detail: ChangeDetail }) {
  return (
    <nav className={`${styles.near} no-print`} aria-label="Changes before and after">
      {older ? (
        <Link to="/change" search={{ repo: item.repoId, id: older.changeId }}>
          ← <HostileText text={older.title} limit={80} expandable={false} />
        </Link>
      ) : (
        <span className="dimmed">the first one</span>
      )}
      {newer ? (
        <Link to="/change" search={{ repo: item.repoId, id: newer.changeId }}>
          <HostileText text={newer.title} limit={80} expandable={false} /> →
        </Link>
      ) : (
        <span className="dimmed">the newest one</span>
      )}
    </nav>
  );
}
