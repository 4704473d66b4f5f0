import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { BundleKey } from '../../../src/core/evidence/bundle-keys.ts';
import type { BundleStep } from '../../../src/core/evidence/bundle-step.ts';
import type { BundleVerification } from '../../../src/core/evidence/verify-bundle.ts';
import { count } from '../../../src/core/sentence-parts.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { Id } from '../kit/id.tsx';
import { KeyValue } from '../kit/page.tsx';
import { OutcomeSign } from '../kit/signs.tsx';
import { Time } from '../kit/time.tsx';
import { StepBytes } from './bytes-view.tsx';
import type { BundleCheck } from './check-bundle.ts';
import styles from './verify.module.css';

/** What a check came to: the verdict, each step with its bytes, and the keys; or why there is none. */
export function BundleReport({
  check,
  further = [],
}: {
  readonly check: BundleCheck;
  /** Checks of the page beside those of the bundle. */
  readonly further?: readonly FurtherCheck[];
}) {
  if (check.ok === 'no-crypto') return <NoCrypto />;
  if (!check.ok) {
    return (
      <Verdict
        result="indeterminate"
        word="Not checked"
        because={`This cannot be checked. ${check.because}`}
      />
    );
  }
  const verdict = verdictOf(check, further);
  return (
    <>
      <Verdict result={verdict.result} because={verdict.because} />
      <ol className={styles.steps} aria-label="Steps of the verification">
        {check.steps.map((step) => (
          <Step key={step.id} step={step} />
        ))}
        {further.map((one) => (
          <StepRow key={one.title} {...one} />
        ))}
      </ol>
      <div className={styles.keys}>
        <KeyValue items={[...aboutItems(check), ...check.keys.map(keyItem)]} />
      </div>
    </>
  );
}

export interface FurtherCheck {
  readonly result: BundleStep['result'];
  readonly title: string;
  readonly because: string;
}

/** A check of the page that fails makes the whole fail, whatever the bundle’s own steps came to. */
function verdictOf(check: BundleVerification, further: readonly FurtherCheck[]) {
  if (check.result === 'violated') return check;
  const violated = further.find(({ result }) => result === 'violated');
  if (violated) return { result: 'violated', because: `${violated.title}: ${violated.because}` } as const;
  const open = further.find(({ result }) => result === 'indeterminate');
  if (check.result === 'indeterminate' || !open) return check;
  return {
    result: 'indeterminate',
    because: `The bundle holds together. ${open.title}: ${open.because}`,
  } as const;
}

export function Verdict({
  result,
  word,
  because,
}: {
  readonly result: BundleVerification['result'];
  readonly word?: string;
  readonly because: string;
}) {
  return (
    <div className={styles.verdict} data-result={result} role="status">
      <OutcomeSign value={result} {...(word === undefined ? {} : { word })} />
      <strong>
        <HostileText text={because} limit={600} />
      </strong>
    </div>
  );
}

function Step({ step }: { readonly step: BundleStep }) {
  const { result, title, because, inputs, computed } = step;
  return (
    <StepRow result={result} title={title} because={because}>
      {(inputs.length > 0 || computed !== null) && (
        <details className={styles.body} open={result === 'violated'}>
          <summary>Show the bytes</summary>
          <StepBytes step={step} />
        </details>
      )}
    </StepRow>
  );
}

function StepRow({
  result,
  title,
  because,
  children,
}: {
  readonly result: BundleStep['result'];
  readonly title: string;
  readonly because: string;
  readonly children?: ReactNode;
}) {
  return (
    <li className={styles.step} data-result={result}>
      <div className={styles.head}>
        <OutcomeSign value={result} plain />
        <div>
          <span className={styles.title}>{title}</span>
          <p>
            <HostileText text={because} limit={600} />
          </p>
        </div>
      </div>
      {children}
    </li>
  );
}

function aboutItems({ about }: BundleVerification): readonly (readonly [string, ReactNode])[] {
  const { log, index, origin, acceptedMs, size } = about;
  const change = changeOf(about.statement);
  return [
    [
      'Entry',
      <>
        {count(index)} of the {log} log <HostileText text={origin} mono limit={100} />
        {size !== null && `, under a checkpoint of ${count(size)} entries`}
      </>,
    ],
    ...(acceptedMs === null
      ? []
      : [['Accepted', <Time key="at" at={new Date(acceptedMs).toISOString()} always="exact" />] as const]),
    ...(change
      ? [
          [
            'Says of',
            <Link key="change" to="/change" search={{ repo: change.repo, id: change.id }}>
              <HostileText text={change.title} limit={120} expandable={false} />
            </Link>,
          ] as const,
        ]
      : []),
  ];
}

/** Only statements whose form and signature were checked come here; titles are free text all the same. */
function changeOf(statement: unknown): { repo: string; id: string; title: string } | undefined {
  const change = (
    statement as { predicate?: { change?: { repo: string; id: string; title?: unknown } } } | null
  )?.predicate?.change;
  if (!change) return undefined;
  const { repo, id, title } = change;
  return { repo, id, title: typeof title === 'string' && title !== '' ? title : `${repo} ${id}` };
}

function keyItem({ of, fingerprint, from }: BundleKey): readonly [string, ReactNode] {
  return [
    of === 'log' ? 'Key of the log' : 'Key of the statements',
    <>
      SHA-256 <Id value={fingerprint} chars={64} what="fingerprint" />{' '}
      <span className="dimmed">
        {from === 'verifier' ? 'the one that you gave' : 'came inside the bundle'}
      </span>
    </>,
  ];
}

function NoCrypto() {
  return (
    <Verdict
      result="indeterminate"
      word="Not checked"
      because="This browser does not let pages compute hashes and signatures over plain http from another machine. Open Reentry through https or on the machine itself, or run “reentry verify <file>” with the downloaded bundle."
    />
  );
}
