import { IconAlertTriangle } from '@tabler/icons-react';
import type { Attribution, Claim, Signal } from '../../../src/core/attribution/attribution.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { Id } from '../kit/id.tsx';
import { percentText } from '../kit/num.tsx';
import { Panel, Section } from '../kit/page.tsx';
import { LevelLadder, OutcomeSign } from '../kit/signs.tsx';
import { AttributedFiles } from './attributed-files.tsx';
import styles from './change.module.css';
import { type ContradictionGroup, groupContradictions } from './contradiction-groups.ts';
import { ShownFirst } from './shown-first.tsx';

const bases = {
  lines: 'by lines that records give',
  commits: 'by commits',
  none: 'it cannot be known',
} as const;

export function AttributionSection({ attribution }: { readonly attribution: Attribution }) {
  const { claims, contradictions, otherSignals, files, aiShare, aiShareBasis, version } = attribution;
  const omitted = (attribution.claimsOmitted ?? 0) + (attribution.signalsOmitted ?? 0);
  return (
    <Section
      title="Attribution"
      id="attribution"
      meta={`AI share: ${aiShare === null ? 'unknown' : percentText(aiShare)}, ${bases[aiShareBasis]} · ${version}`}
    >
      {groupContradictions(contradictions).map((group) => (
        <ContradictionNote key={JSON.stringify([group.about, group.because, group.values])} group={group} />
      ))}
      <Panel flush={claims.length > 0}>
        {claims.length === 0 ? (
          <>
            <OutcomeSign value="indeterminate" word="No signal" /> Nothing in the history says who or what
            made this change. That is no proof of human work: most agents leave no trace in git.
          </>
        ) : (
          <ShownFirst
            items={claims}
            count={8}
            noun="claim"
            render={(claim, at) => <ClaimCard key={at} claim={claim} number={at + 1} />}
          />
        )}
      </Panel>
      {omitted > 0 && (
        <p className={styles.note}>
          {plural(omitted, 'more signal or claim', 'more signals and claims')} did not fit into the record.
        </p>
      )}
      {files.length > 0 && <AttributedFiles files={files} />}
      {otherSignals.length > 0 && (
        <details className={styles.more}>
          <summary>{plural(otherSignals.length, 'signal')} that are no authorship</summary>
          <Signals signals={otherSignals} caption="Signals that are no authorship" />
        </details>
      )}
    </Section>
  );
}

const shownPlaces = 3;

function ContradictionNote({
  group: { about, because, values, places },
}: {
  readonly group: ContradictionGroup;
}) {
  return (
    <div className={styles.contradiction}>
      <IconAlertTriangle size={16} aria-hidden />
      <div>
        <strong>
          Contradiction about the {about}: <HostileText text={because} />
        </strong>
        <p>
          {values.map((value, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two sides may say the same, and never move
            <span key={at}>
              {at > 0 && ' against '}
              <HostileText text={value} mono limit={160} />
            </span>
          ))}
          {places.length > 1 && `, in ${places.length} places`}
        </p>
        <ul>
          <ShownFirst
            items={places}
            count={shownPlaces}
            noun="place"
            render={(locators) => (
              <li key={locators.join(' ')}>
                <HostileText text={locators.join(' and ')} limit={300} />
              </li>
            )}
          />
        </ul>
      </div>
    </div>
  );
}

function ClaimCard({ claim, number }: { readonly claim: Claim; readonly number: number }) {
  const { agent, role, level, lines, signals, signalsOmitted } = claim;
  return (
    <div className={styles.claim}>
      <div className={styles.claimHead}>
        <span className="dimmed">{number}</span>
        <strong>
          <HostileText text={agent} limit={80} />
        </strong>
        <span className="dimmed">{role}</span>
        <LevelLadder level={level} />
        {lines !== null && <span>{plural(lines, 'line')}</span>}
      </div>
      <dl className={styles.parts}>
        <Part
          name="Model"
          value={claim.model}
          level={claim.levels.model}
          note={claim.modelIsPlaceholder ? 'a placeholder, names no model' : undefined}
        />
        <div>
          <dt>Session</dt>
          <dd>
            {claim.sessionId === null ? (
              <span className="dimmed">not named</span>
            ) : (
              <Id value={claim.sessionId} chars={28} what="session" />
            )}
            {claim.levels.session !== null && <LevelLadder level={claim.levels.session} compact />}
          </dd>
        </div>
        <Part name="Requested by" value={claim.user} level={claim.levels.user} />
      </dl>
      <details className={styles.more}>
        <summary>{plural(signals.length + (signalsOmitted ?? 0), 'signal')}</summary>
        <Signals signals={signals} caption={`Signals of claim ${number}`} />
        {signalsOmitted !== undefined && (
          <p className={styles.note}>{plural(signalsOmitted, 'more signal')} not listed in the record.</p>
        )}
      </details>
    </div>
  );
}

function Part({
  name,
  value,
  level,
  note,
}: {
  readonly name: string;
  readonly value: string | null;
  readonly level: Claim['levels']['model'];
  readonly note?: string | undefined;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value === null ? <span className="dimmed">not named</span> : <HostileText text={value} limit={80} />}
        {level !== null && <LevelLadder level={level} compact />}
        {note !== undefined && <span className="dimmed">({note})</span>}
      </dd>
    </div>
  );
}

const columns: readonly Column<Signal & { readonly at: number }>[] = [
  { id: 'kind', header: 'Signal', rowHeader: true, width: '11rem', cell: ({ kind }) => kind },
  { id: 'value', header: 'As written', cell: ({ value }) => <HostileText text={value} mono limit={160} /> },
  { id: 'locator', header: 'Where', cell: ({ locator }) => <HostileText text={locator} limit={160} /> },
  { id: 'level', header: 'Level', width: '9rem', cell: ({ level }) => <LevelLadder level={level} /> },
];

function Signals({ signals, caption }: { readonly signals: readonly Signal[]; readonly caption: string }) {
  return (
    <DataTable
      caption={caption}
      columns={columns}
      rows={signals.map((signal, at) => ({ ...signal, at }))}
      rowKey={({ at }) => String(at)}
    />
  );
}
