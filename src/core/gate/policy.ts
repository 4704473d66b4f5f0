import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ActorClass, Level } from '../attribution/attribution.ts';
import type { RiskBand } from '../risk/risk-assessment.ts';
import type { Glob } from './glob.ts';

/** Of a scanner's finding; `unrated` is what no severity was given to. */
export const severities = ['critical', 'high', 'medium', 'low', 'unrated'] as const;
export type Severity = (typeof severities)[number];

/** A check by its name, bound to the one app that may report it. */
export interface CheckGate {
  readonly kind: 'check';
  readonly name: string;
  readonly check: string;
  /** The app's slug, or its numeric id, which survives a renaming. */
  readonly app: string;
}

/** A SARIF report by its tool, with the most new findings that pass per severity; a severity that is not named has no limit. */
export interface ReportGate {
  readonly kind: 'report';
  readonly name: string;
  readonly sarif: string;
  readonly app?: string;
  readonly maxNew: Readonly<Partial<Record<Severity, number>>>;
}

export type PolicyGate = CheckGate | ReportGate;

export interface Tier {
  readonly name: string;
  readonly repositories: readonly Glob[];
}

/** Every key that is given has to fit; of its list one entry is enough. */
export interface RuleCondition {
  readonly class?: readonly ActorClass[];
  readonly band?: readonly RiskBand[];
  readonly paths?: readonly Glob[];
  readonly repositories?: readonly Glob[];
  readonly tier?: readonly string[];
  readonly branches?: readonly Glob[];
  readonly labels?: readonly string[];
}

export interface Requirements {
  readonly humanApprovals?: number;
  /** Each team has to approve. */
  readonly approvalsFrom?: readonly string[];
  readonly gates?: readonly string[];
  readonly attributionLevel?: Level;
  readonly ticket?: true;
}

export interface PolicyRule {
  readonly id: string;
  /** Absent: it fits every change. */
  readonly when?: RuleCondition;
  readonly require: Requirements;
}

/** Who may lift a rule for a change with that label, and for how long. The label alone lifts nothing. */
export interface Emergency {
  readonly label: string;
  readonly approvers: readonly string[];
  readonly reviewWithinHours: number;
}

export interface PolicyContent {
  readonly version: 1;
  /** By name, as are the gates: their order in the file means nothing. */
  readonly tiers: readonly Tier[];
  readonly rules: readonly PolicyRule[];
  readonly gates: readonly PolicyGate[];
  readonly emergency: Emergency | null;
}

/** A policy file that holds no mistake. */
export interface Policy extends PolicyContent {
  /** SHA-256, hex, of its canonical form: comments, layout and the order of keys do not change it. */
  readonly digest: string;
}

/** The same content with the digest that names it. */
export function withDigest(content: PolicyContent): Policy {
  return { ...content, digest: createHash('sha256').update(canonicalPolicy(content)).digest('hex') };
}

/** RFC 8785 JSON of the content, patterns as they are written. */
function canonicalPolicy({ version, tiers, rules, gates, emergency }: PolicyContent): string {
  const written = {
    version,
    tiers: tiers.map(({ name, repositories }) => ({ name, repositories: sources(repositories) })),
    rules: rules.map(({ id, when, require }) => ({
      id,
      ...(when === undefined ? {} : { when: writtenCondition(when) }),
      require,
    })),
    gates,
    emergency,
  };
  return canonicalize(written) ?? '';
}

function writtenCondition({ paths, repositories, branches, ...rest }: RuleCondition): object {
  return {
    ...rest,
    ...(paths === undefined ? {} : { paths: sources(paths) }),
    ...(repositories === undefined ? {} : { repositories: sources(repositories) }),
    ...(branches === undefined ? {} : { branches: sources(branches) }),
  };
}

function sources(globs: readonly Glob[]): readonly string[] {
  return globs.map(({ source }) => source);
}
