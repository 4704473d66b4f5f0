import type { ChangeDetail, ShownChange } from '../../../src/contract/changes.ts';
import type { ChangeStatement } from '../../../src/core/evidence/change-evidence.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { LineCounts } from '../kit/line-counts.tsx';
import { percentText } from '../kit/num.tsx';
import {
  BandBadge,
  CaptureSign,
  ClassBadge,
  LevelLadder,
  SealedSign,
  StateSign,
  VerdictSign,
} from '../kit/signs.tsx';
import { Time } from '../kit/time.tsx';
import styles from './change.module.css';

interface Props {
  readonly detail: ChangeDetail;
  readonly statement: ChangeStatement | undefined;
}

/** What, who, how risky, decided how, sealed where: the five answers that somebody in a hurry looks for. */
export function FiveFacts({ detail, statement, onVerify }: Props & { readonly onVerify: () => void }) {
  return (
    <dl className={styles.facts}>
      <What detail={detail} statement={statement} />
      <Who detail={detail} statement={statement} />
      <HowRisky detail={detail} statement={statement} />
      <DecidedHow statement={statement} />
      <SealedWhere detail={detail} statement={statement} onVerify={onVerify} />
    </dl>
  );
}

const landings: Readonly<Record<string, string>> = {
  merge: 'merged',
  squash: 'squashed',
  rebase: 'rebased',
  push: 'pushed',
};

function What({ detail: { item }, statement }: Props) {
  const change = statement?.predicate.change;
  return (
    <div>
      <dt>What</dt>
      <dd>
        <span>
          {item.state === 'merged' ? (
            item.kind === 'pull_request' ? (
              'Pull request'
            ) : (
              'Direct push'
            )
          ) : (
            <>
              <StateSign state={item.state} draft={item.draft} /> pull request
            </>
          )}
          {change && (
            <>
              {' '}
              {item.state === 'merged' && `${landings[change.landing] ?? change.landing} `}into{' '}
              <HostileText text={change.targetBranch} limit={60} mono />
            </>
          )}
        </span>
        <small>
          <Size item={item} />, <When item={item} />
        </small>
      </dd>
    </div>
  );
}

function Size({ item: { additions, deletions, files } }: { readonly item: ShownChange }) {
  if (additions === null || deletions === null || files === null) return 'size not known';
  return (
    <>
      <LineCounts additions={additions} deletions={deletions} /> in {plural(files, 'file')}
    </>
  );
}

function When({ item: { state, mergedAt, assessedAt } }: { readonly item: ShownChange }) {
  if (state === 'merged') return <Time at={mergedAt} />;
  return (
    <>
      judged <Time at={assessedAt} />
    </>
  );
}

function DecidedHow({ statement }: Pick<Props, 'statement'>) {
  const verdict = statement?.predicate.verdict;
  return (
    <div>
      <dt>Decided how</dt>
      <dd>
        <VerdictSign
          verdict={verdict?.result ?? 'indeterminate'}
          pending={verdict !== undefined && 'pending' in verdict && verdict.pending}
        />
        <small>
          <HostileText text={verdict?.because ?? 'The record cannot be shown.'} limit={400} />
        </small>
      </dd>
    </div>
  );
}

function Who({ detail: { item }, statement }: Props) {
  const share = statement?.predicate.attribution.aiShare ?? null;
  return (
    <div>
      <dt>Made by</dt>
      <dd>
        <span>
          <ClassBadge value={item.class} />
          {share !== null && ` ${percentText(share)} AI`}
        </span>
        {item.agents.length > 0 && (
          <small>
            <HostileText
              text={[item.agents.join(', '), item.models.join(', ')]
                .filter((text) => text !== '')
                .join(' · ')}
              limit={120}
            />
          </small>
        )}
        <LevelLadder level={item.attributionLevel} />
        <small>
          authored by <HostileText text={item.authorName} limit={60} />
        </small>
      </dd>
    </div>
  );
}

function HowRisky({ detail: { item }, statement }: Props) {
  const risk = statement?.predicate.risk;
  const raising = risk?.factors.find(({ contribution }) => contribution > 0);
  return (
    <div>
      <dt>How risky</dt>
      <dd>
        <BandBadge
          band={item.riskBand}
          score={item.riskScore}
          {...(risk?.calibrated ? { probability: risk.probability } : {})}
        />
        {raising && (
          <small>
            <HostileText text={raising.because} />
          </small>
        )}
        {!risk?.calibrated && <small>a rank, not a probability</small>}
      </dd>
    </div>
  );
}

function SealedWhere({
  detail: { item, sealed },
  statement,
  onVerify,
}: Props & { readonly onVerify: () => void }) {
  const lag = statement?.predicate.capture.change.lagSeconds ?? null;
  return (
    <div>
      <dt>Sealed where</dt>
      <dd>
        <SealedSign log={sealed.log} index={sealed.index} checkpointSize={sealed.checkpointSize} />
        {sealed.at !== '' && (
          <small>
            <Time at={sealed.at} always="exact" />
          </small>
        )}
        {item.capture !== null && (
          <CaptureSign value={item.capture} {...(lag === null ? {} : { lag: lag * 1_000 })} plain />
        )}
        <button type="button" className={`${styles.linkButton} no-print`} onClick={onVerify}>
          Verify here
        </button>
      </dd>
    </div>
  );
}
