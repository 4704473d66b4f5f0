import { isScalar } from 'yaml';
import type { Level } from '../attribution/attribution.ts';
import { parseNameGlob, parsePathGlob } from './glob.ts';
import {
  type CheckGate,
  type Emergency,
  type Policy,
  type PolicyGate,
  type PolicyRule,
  type ReportGate,
  type Requirements,
  type RuleCondition,
  type Severity,
  type Tier,
  withDigest,
} from './policy.ts';
import {
  identifier,
  list,
  mapping,
  named,
  pattern,
  type Reader,
  text,
  whole,
  word,
  yes,
} from './policy-fields.ts';
import { type Mistake, type Placed, sentence, YamlReading } from './yaml-reading.ts';

/** The limit of a policy file. */
export const maxPolicyBytes = 256 * 1024;

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  /** In order of place, at most a hundred; `omitted` counts the rest. */
  | { readonly ok: false; readonly mistakes: readonly Mistake[]; readonly omitted: number };

/**
 * The policy that the bytes of a file say (`docs/policy.md`), or all that is wrong with it in one go. Strict: what is not
 * understood is a mistake, for a rule that silently does not hold is worse than none.
 */
export function parsePolicy(bytes: Uint8Array): ParsedPolicy {
  if (bytes.length > maxPolicyBytes) return refused(`is larger than ${maxPolicyBytes / 1024} KiB`);
  const decoded = decode(bytes);
  if (decoded === undefined) return refused('is not UTF-8');
  const reading = new YamlReading(decoded);
  const content = reading.root === null ? undefined : readPolicy(reading, reading.root);
  const { mistakes, mistakesOmitted: omitted } = reading;
  if (content === undefined || mistakes.length > 0) return { ok: false, mistakes, omitted };
  const { version, repositories = [], rules, gates = [], emergency = null } = content;
  return { ok: true, policy: withDigest({ version, tiers: repositories, rules, gates, emergency }) };
}

interface PolicyFile {
  readonly version: 1;
  readonly repositories?: readonly Tier[];
  readonly rules: readonly PolicyRule[];
  readonly gates?: readonly PolicyGate[];
  readonly emergency?: Emergency;
}

function readPolicy(reading: YamlReading, root: Placed): PolicyFile | undefined {
  // Also of gates that are wrong themselves: one mistake is told once.
  const namesIn = (key: string) => keysBelow(reading, root, key);
  const read = mapping<PolicyFile>(
    {
      version: versionOne,
      repositories: named(readTier),
      rules: rules({ gates: namesIn('gates'), tiers: namesIn('repositories') }),
      gates: named(readGate),
      emergency: mapping<Emergency>(
        { label: text(), approvers: list(team()), reviewWithinHours: whole(1, 8_760) },
        ['label', 'approvers', 'reviewWithinHours'],
      ),
    },
    ['version', 'rules'],
  );
  return read(reading, root);
}

function versionOne(reading: YamlReading, place: Placed): 1 | undefined {
  const { node } = place;
  if (isScalar(node) && node.value === 1 && node.source === '1') return 1;
  return reading.report(place, 'has to be 1, the only version that there is');
}

function readTier(reading: YamlReading, place: Placed, name: string): Tier | undefined {
  const repositories = list(pattern(parseNameGlob))(reading, place);
  return repositories && { name, repositories };
}

function readGate(reading: YamlReading, place: Placed, name: string): PolicyGate | undefined {
  const keys = new Set(reading.keys(place));
  if (keys.has('sarif') && !keys.has('check')) {
    const gate = readReport(reading, place);
    return gate && { kind: 'report', name, ...gate };
  }
  const gate = readCheck(reading, place);
  return gate && { kind: 'check', name, ...gate };
}

const readCheck: Reader<Omit<CheckGate, 'kind' | 'name'>> = mapping({ check: text(), app: text(100) }, [
  'check',
  'app',
]);

const limit = whole(0, 1_000_000);

const readReport: Reader<Omit<ReportGate, 'kind' | 'name'>> = mapping<Omit<ReportGate, 'kind' | 'name'>>(
  {
    sarif: text(),
    app: text(100),
    maxNew: mapping<Partial<Record<Severity, number>>>(
      { critical: limit, high: limit, medium: limit, low: limit, unrated: limit } satisfies Record<
        Severity,
        Reader<number>
      >,
      [],
    ),
  },
  ['sarif', 'maxNew'],
);

interface Names {
  readonly gates: readonly string[];
  readonly tiers: readonly string[];
}

function rules(names: Names): Reader<readonly PolicyRule[]> {
  const rule = mapping<PolicyRule>(
    { id: identifier(), when: condition(names), require: requirements(names) },
    ['id', 'require'],
  );
  return (reading, place) => {
    const seen = new Set<unknown>();
    const unique: Reader<PolicyRule> = (_, at) => {
      const id = reading.below(at, 'id');
      const name = isScalar(id?.node) ? id.node.value : undefined;
      if (id !== undefined && seen.has(name)) reading.report(id, 'is the id of another rule already');
      if (name !== undefined) seen.add(name);
      return rule(reading, at);
    };
    return list(unique)(reading, place);
  };
}

function condition({ tiers }: Names): Reader<RuleCondition> {
  return mapping<RuleCondition>(
    {
      class: list(word(['human', 'ai', 'mixed', 'unknown'], 'class')),
      band: list(word(['low', 'medium', 'high', 'critical'], 'band')),
      paths: list(pattern(parsePathGlob)),
      repositories: list(pattern(parseNameGlob)),
      tier: list(word(tiers, 'tier of `repositories`')),
      branches: list(pattern(parseNameGlob)),
      labels: list(text()),
    },
    [],
  );
}

function requirements({ gates }: Names): Reader<Requirements> {
  return mapping<Requirements>(
    {
      humanApprovals: whole(1, 20),
      approvalsFrom: list(team()),
      gates: list(word(gates, 'gate of `gates`')),
      attributionLevel: level,
      ticket: yes(),
    },
    [],
  );
}

function level(reading: YamlReading, place: Placed): Level | undefined {
  return whole(1, 5)(reading, place) as Level | undefined;
}

/** `platform-team`, or with its organisation: `acme/platform-team`. */
function team(): Reader<string> {
  return (reading, place) => {
    const written = text(100)(reading, place);
    if (written === undefined || /^[\w.-]+(\/[\w.-]+)*$/.test(written)) return written;
    return reading.report(place, `is \`${written}\`, which is no team: write its name without @ and blanks`);
  };
}

function keysBelow(reading: YamlReading, root: Placed, key: string): readonly string[] {
  const below = reading.below(root, key);
  return below === undefined ? [] : reading.keys(below);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refused(wrong: string): ParsedPolicy {
  return { ok: false, mistakes: [{ line: 1, column: 1, at: '', message: sentence('', wrong) }], omitted: 0 };
}
