import type { EvidenceGate, EvidenceReview } from '../../../src/core/evidence/decided-items.ts';
import type { RequirementResult } from '../../../src/core/gate/verdict.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { OutcomeSign } from '../kit/signs.tsx';
import { Time } from '../kit/time.tsx';
import styles from './change.module.css';

/** What each rule of the policy asks, and what it found. */
export function RequirementsTable({ results }: { readonly results: readonly RequirementResult[] }) {
  return (
    <>
      <h3 className={styles.sub}>What the policy asks</h3>
      <DataTable
        caption="Requirements of the policy"
        columns={requirementColumns}
        rows={results}
        rowKey={({ rule, requirement, subject = '' }) => `${rule} ${requirement} ${subject}`}
      />
    </>
  );
}

const requirementColumns: readonly Column<RequirementResult>[] = [
  {
    id: 'rule',
    header: 'Rule',
    rowHeader: true,
    width: '14rem',
    cell: ({ rule, requirement, subject }) => (
      <>
        <HostileText text={rule === '' ? 'policy' : rule} mono limit={80} />
        <br />
        <span className="dimmed">
          {requirement}
          {subject !== undefined && (
            <>
              {' '}
              <HostileText text={subject} limit={80} />
            </>
          )}
        </span>
      </>
    ),
  },
  {
    id: 'outcome',
    header: 'Outcome',
    width: '9rem',
    cell: ({ outcome, override }) => (
      <>
        <OutcomeSign value={outcome} plain />
        {override !== undefined && <span className="dimmed"> lifted by {override}</span>}
      </>
    ),
  },
  {
    id: 'because',
    header: 'Why, and what to do',
    cell: ({ because, todo }) => (
      <>
        {because.map((sentence) => (
          <div key={sentence}>
            <HostileText text={sentence} limit={500} />
          </div>
        ))}
        {todo.map((sentence) => (
          <div key={sentence} className="dimmed">
            <HostileText text={sentence} limit={500} />
          </div>
        ))}
      </>
    ),
  },
];

const weightWords = {
  counted: 'counts',
  refused: 'does not count',
  undecided: 'nobody can tell',
  none: 'no approval',
} as const;

/** Every review with the commit that it was given on. */
export function ReviewsTable({ reviews }: { readonly reviews: readonly EvidenceReview[] }) {
  return (
    <>
      <h3 className={styles.sub}>Reviews</h3>
      <DataTable caption="Reviews" columns={reviewColumns} rows={reviews} rowKey={({ hostId }) => hostId} />
    </>
  );
}

const reviewColumns: readonly Column<EvidenceReview>[] = [
  {
    id: 'reviewer',
    header: 'Reviewer',
    rowHeader: true,
    width: '12rem',
    cell: ({ reviewer, actor }) => (
      <>
        <HostileText text={reviewer?.login ?? 'a deleted account'} limit={60} />{' '}
        <span className="dimmed">{actor}</span>
      </>
    ),
  },
  {
    id: 'state',
    header: 'Said',
    width: '10rem',
    cell: ({ state, submittedAt }) => (
      <>
        {state.replace('-', ' ')}
        <br />
        <Time at={submittedAt} />
      </>
    ),
  },
  {
    id: 'commit',
    header: 'On commit',
    width: '8rem',
    cell: ({ commitSha }) =>
      commitSha === null ? (
        <span className="dimmed">unknown</span>
      ) : (
        <span className="mono">{commitSha.slice(0, 12)}</span>
      ),
  },
  {
    id: 'permission',
    header: 'Might',
    width: '6rem',
    cell: ({ permission }) => permission ?? <span className="dimmed">unknown</span>,
  },
  {
    id: 'weight',
    header: 'As an approval',
    cell: ({ weight, because }) => (
      <>
        {weightWords[weight]}
        {because !== null && (
          <div className="dimmed">
            <HostileText text={because} limit={500} />
          </div>
        )}
      </>
    ),
  },
];

/** Every check result on the head, with the app that reported it. */
export function GatesTable({ gates }: { readonly gates: readonly EvidenceGate[] }) {
  return (
    <>
      <h3 className={styles.sub}>Check results</h3>
      <DataTable
        caption="Check results"
        columns={gateColumns}
        rows={gates}
        rowKey={({ name, kind, completedAt, source }) =>
          `${kind} ${name} ${source?.appId ?? ''} ${completedAt ?? ''}`
        }
      />
    </>
  );
}

const gateColumns: readonly Column<EvidenceGate>[] = [
  {
    id: 'name',
    header: 'Check',
    rowHeader: true,
    cell: ({ name, kind }) => (
      <>
        <HostileText text={name} limit={100} /> <span className="dimmed">{kind.replace('-', ' ')}</span>
      </>
    ),
  },
  {
    id: 'conclusion',
    header: 'Result',
    width: '10rem',
    cell: ({ conclusion }) => conclusion.replace('-', ' '),
  },
  {
    id: 'required',
    header: 'Required there',
    width: '9rem',
    cell: ({ required }) =>
      required === null ? <span className="dimmed">unknown</span> : required ? 'yes' : 'no',
  },
  {
    id: 'source',
    header: 'Reported by',
    width: '14rem',
    cell: ({ source, isFromAnotherSource }) => (
      <>
        {source === null ? (
          <span className="dimmed">no app</span>
        ) : (
          <HostileText text={source.app} limit={80} />
        )}
        {isFromAnotherSource && <strong> not the app that the branch demands</strong>}
      </>
    ),
  },
  {
    id: 'completed',
    header: 'Ended',
    width: '9rem',
    cell: ({ completedAt }) =>
      completedAt === null ? <span className="dimmed">not yet</span> : <Time at={completedAt} />,
  },
];
