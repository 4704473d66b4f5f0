import {
  IconAlertTriangle,
  IconAntennaBars2,
  IconAntennaBars3,
  IconAntennaBars4,
  IconAntennaBars5,
  IconArrowsShuffle,
  IconBolt,
  IconCheck,
  IconClock,
  IconGitMerge,
  IconGitPullRequest,
  IconGitPullRequestClosed,
  IconGitPullRequestDraft,
  IconHelp,
  IconHistory,
  IconHourglass,
  IconLock,
  IconMinus,
  IconRobot,
  IconUser,
  IconX,
} from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import { count } from '../../../src/core/sentence-parts.ts';
import classes from './kit.module.css';
import { relative } from './time-words.ts';

export type Tone = 'green' | 'red' | 'amber' | 'orange' | 'grey' | 'blue' | 'violet' | 'teal';
type Icon = ComponentType<{
  readonly size?: number;
  readonly stroke?: number;
  readonly 'aria-hidden'?: boolean;
}>;

export type ActorClass = 'human' | 'ai' | 'mixed' | 'unknown';
export type Band = 'low' | 'medium' | 'high' | 'critical';
export type Outcome = 'satisfied' | 'violated' | 'indeterminate' | 'not_applicable';
export type Severity = Band;

/** Icon, word and colour together: what every sign here is made of. */
export function Sign({
  tone,
  icon: Icon,
  children,
  title,
  plain = false,
}: {
  readonly tone: Tone;
  readonly icon: Icon;
  readonly children: ReactNode;
  readonly title?: string;
  /** Without frame and ground, for dense lists. */
  readonly plain?: boolean;
}) {
  return (
    <span
      className={plain ? `${classes.sign} ${classes.plain}` : classes.sign}
      data-tone={tone}
      title={title}
    >
      <Icon size={14} stroke={2} aria-hidden />
      <span>{children}</span>
    </span>
  );
}

const classSigns: Readonly<Record<ActorClass, readonly [word: string, Tone, Icon, meaning: string]>> = {
  human: ['Human', 'teal', IconUser, 'Signals say that people wrote it'],
  ai: ['AI', 'violet', IconRobot, 'Signals say that coding agents wrote it'],
  mixed: ['Mixed', 'blue', IconArrowsShuffle, 'Signals say that people and coding agents wrote it'],
  unknown: ['Unknown', 'grey', IconHelp, 'No signal says who wrote it; treated like agent-made'],
};

export function ClassBadge({ value, plain }: { readonly value: ActorClass; readonly plain?: boolean }) {
  const [word, tone, icon, meaning] = classSigns[value];
  return (
    <Sign tone={tone} icon={icon} title={meaning} plain={plain}>
      {word}
    </Sign>
  );
}

const bandSigns: Readonly<Record<Band, readonly [word: string, Tone, Icon]>> = {
  low: ['Low', 'green', IconAntennaBars2],
  medium: ['Medium', 'amber', IconAntennaBars3],
  high: ['High', 'orange', IconAntennaBars4],
  critical: ['Critical', 'red', IconAntennaBars5],
};

/** The band with its score. A score is a rank unless a calibrated `probability` (0 to 1) comes with it. */
export function BandBadge({
  band,
  score,
  probability,
  plain,
}: {
  readonly band: Band;
  readonly score?: number;
  readonly probability?: number | null;
  readonly plain?: boolean;
}) {
  const [word, tone, icon] = bandSigns[band];
  const rank =
    score === undefined
      ? 'Risk band'
      : `Riskier than about ${Math.floor(score)} in 100 of the changes that the model was made from; a rank, not a probability`;
  const title =
    probability === undefined || probability === null
      ? rank
      : `${(probability * 100).toFixed(1)} % of such changes had to be repaired (calibrated)`;
  return (
    <Sign tone={tone} icon={icon} title={title} plain={plain}>
      {word}
      {score !== undefined && <b className={classes.score}> {Math.round(score)}</b>}
    </Sign>
  );
}

export const levelWords = [
  'heuristic',
  'declared',
  'recorded',
  'correlated',
  'server-correlated',
  'attested',
] as const;
const levelMeanings = [
  'only guessed from the text',
  'somebody wrote it down, in a trailer or co-author line',
  'the tool recorded it when it ran',
  'the record fits the commit line by line',
  'a server outside the machine saw it too',
  'a signature proves it',
] as const;

/** Attribution level 0 to 5 as a ladder with its word; null where nothing was claimed. */
export function LevelLadder({
  level,
  compact = false,
}: {
  readonly level: number | null;
  readonly compact?: boolean;
}) {
  if (level === null) return <span className="dimmed">no claim</span>;
  const word = levelWords[level] ?? 'unknown level';
  return (
    <span className={classes.ladder} title={`Level ${level} of 5, ${word}: ${levelMeanings[level] ?? ''}`}>
      <span className={classes.rungs} aria-hidden>
        {levelWords.map((name, at) => (
          <i key={name} data-on={at <= level || undefined} />
        ))}
      </span>
      <span>
        <span className="visually-hidden">Level </span>
        {level}
        {compact ? <span className="visually-hidden"> {word}</span> : ` ${word}`}
      </span>
    </span>
  );
}

const outcomeSigns: Readonly<Record<Outcome, readonly [word: string, Tone, Icon]>> = {
  satisfied: ['Satisfied', 'green', IconCheck],
  violated: ['Violated', 'red', IconX],
  indeterminate: ['Indeterminate', 'amber', IconHelp],
  not_applicable: ['Not applicable', 'grey', IconMinus],
};

/** One of the four values; `word` replaces the usual word where the sentence around it needs another. */
export function OutcomeSign({
  value,
  word,
  plain,
}: {
  readonly value: Outcome;
  readonly word?: string;
  readonly plain?: boolean;
}) {
  const [usual, tone, icon] = outcomeSigns[value];
  return (
    <Sign tone={tone} icon={icon} plain={plain}>
      {word ?? usual}
    </Sign>
  );
}

const severityTones: Readonly<Record<Severity, readonly [word: string, Tone]>> = {
  critical: ['Critical', 'red'],
  high: ['High', 'orange'],
  medium: ['Medium', 'amber'],
  low: ['Low', 'grey'],
};

export function SeveritySign({ value }: { readonly value: Severity }) {
  const [word, tone] = severityTones[value];
  return (
    <Sign tone={tone} icon={IconAlertTriangle}>
      {word}
    </Sign>
  );
}

/** Seen as it happened, or rebuilt afterwards; `lag` is the time between both in milliseconds. */
export function CaptureSign({
  value,
  lag,
  plain,
}: {
  readonly value: 'live' | 'backfilled';
  readonly lag?: number;
  readonly plain?: boolean;
}) {
  const after = lag === undefined ? '' : `, ${relative(lag)} later`;
  return value === 'live' ? (
    <Sign tone="green" icon={IconBolt} title={`Recorded as it happened${after}`} plain={plain}>
      Live
    </Sign>
  ) : (
    <Sign
      tone="grey"
      icon={IconHistory}
      title={`Reconstructed afterwards from history${after}`}
      plain={plain}
    >
      Backfilled{after}
    </Sign>
  );
}

/** Where something is in a log, and whether a published checkpoint covers it yet. */
export function SealedSign({
  log,
  index,
  checkpointSize,
  plain,
}: {
  readonly log: 'events' | 'evidence';
  readonly index: number;
  readonly checkpointSize: number | null;
  readonly plain?: boolean;
}) {
  const place = `${log} log, entry ${count(index)}`;
  return checkpointSize === null ? (
    <Sign
      tone="amber"
      icon={IconHourglass}
      title={`${place}; no published checkpoint covers it yet`}
      plain={plain}
    >
      Not published yet
    </Sign>
  ) : (
    <Sign
      tone="green"
      icon={IconLock}
      title={`${place}, under the published checkpoint of ${count(checkpointSize)} entries`}
      plain={plain}
    >
      Sealed #{count(index)}
    </Sign>
  );
}

/** Something that has not ended: waiting, or under way. */
export function PendingSign({ children }: { readonly children: ReactNode }) {
  return (
    <Sign tone="blue" icon={IconClock}>
      {children}
    </Sign>
  );
}

export type PullRequestState = 'open' | 'closed' | 'merged';

const stateSigns: Readonly<
  Record<PullRequestState | 'draft', readonly [word: string, Tone, Icon, meaning: string]>
> = {
  open: ['Open', 'green', IconGitPullRequest, 'Open at its code host'],
  draft: ['Draft', 'grey', IconGitPullRequestDraft, 'Open at its code host, and not ready for review'],
  closed: ['Closed without merge', 'red', IconGitPullRequestClosed, 'Closed at its code host, never merged'],
  merged: ['Merged', 'violet', IconGitMerge, 'Merged at its code host'],
};

/** Where a pull request stands at its code host. */
export function StateSign({
  state,
  draft,
  plain,
}: {
  readonly state: PullRequestState;
  readonly draft: boolean;
  readonly plain?: boolean;
}) {
  const [word, tone, icon, meaning] = stateSigns[state === 'open' && draft ? 'draft' : state];
  return (
    <Sign tone={tone} icon={icon} title={meaning} plain={plain}>
      {word}
    </Sign>
  );
}

/** What the policy says of a head; while something runs that it waits for, nothing is decided. */
export function VerdictSign({
  verdict,
  pending,
  plain,
}: {
  readonly verdict: Outcome;
  readonly pending: boolean;
  readonly plain?: boolean;
}) {
  if (!pending) return <OutcomeSign value={verdict} plain={plain} />;
  return (
    <Sign tone="blue" icon={IconClock} title="Something that it waits for is still running" plain={plain}>
      Pending
    </Sign>
  );
}
