import type { ActorClass } from '../attribution/attribution.ts';
import type { GateInput } from './gate-input.ts';
import { type Glob, matchesName, matchesPath } from './glob.ts';
import type { Policy, PolicyRule, RuleCondition } from './policy.ts';

export interface RuleMatch {
  readonly applies: boolean;
  /** Sentences: what is not known, where the rule applies because of that. */
  readonly because: readonly string[];
}

type Fit = 'fits' | 'does not fit' | { readonly unknown: string };

/**
 * Whether a rule speaks of a change. Rules only ever add, so what is not known counts as fitting: a rule is left out only
 * where something that is known does not fit.
 */
export function matchRule({ when }: PolicyRule, input: GateInput, tiers: Policy['tiers']): RuleMatch {
  if (when === undefined) return { applies: true, because: [] };
  const fits = [
    when.class && fitsClass(when.class, input),
    when.band && fitsBand(when.band, input),
    when.paths && fitsPaths(when.paths, input),
    when.repositories && asFit(isRepository(when.repositories, input.repo)),
    when.tier && asFit(isRepository(ofTiers(when.tier, tiers), input.repo)),
    when.branches && asFit(when.branches.some((glob) => matchesName(glob, input.targetBranch))),
    when.labels && fitsLabels(when.labels, input),
  ].filter((fit) => fit !== undefined);
  if (fits.includes('does not fit')) return { applies: false, because: [] };
  return { applies: true, because: fits.flatMap((fit) => (typeof fit === 'object' ? [fit.unknown] : [])) };
}

const agentClasses: readonly ActorClass[] = ['ai', 'mixed', 'unknown'];

/** `unknown` takes the path of agents: whatever is asked of one of their classes is asked of it (design rule 4). */
function fitsClass(classes: NonNullable<RuleCondition['class']>, { class: actorClass }: GateInput): Fit {
  if (actorClass !== 'unknown') return asFit(classes.includes(actorClass));
  if (classes.includes('unknown')) return 'fits';
  if (!classes.some((one) => agentClasses.includes(one))) return 'does not fit';
  return { unknown: 'The rule applies because nobody knows whether an agent made the change.' };
}

function fitsBand(bands: NonNullable<RuleCondition['band']>, { band }: GateInput): Fit {
  if (band === null) return { unknown: 'The rule applies because the risk of the change is not known.' };
  return asFit(bands.includes(band));
}

function fitsPaths(globs: readonly Glob[], { paths, pathsComplete }: GateInput): Fit {
  if (paths.some((path) => globs.some((glob) => namesOfPath(path).some((name) => matchesPath(glob, name)))))
    return 'fits';
  if (pathsComplete) return 'does not fit';
  return { unknown: 'The rule applies because not all paths of the change are known.' };
}

/** A path whose bytes are no UTF-8 stands in git's quotes: one odd file name must not hide a file from its folder's rule. */
function namesOfPath(path: string): readonly string[] {
  return path.length > 2 && path.startsWith('"') && path.endsWith('"') ? [path, path.slice(1, -1)] : [path];
}

function fitsLabels(wanted: readonly string[], { labels }: GateInput): Fit {
  if (labels === null) return { unknown: 'The rule applies because the labels of the change are not known.' };
  const given = new Set(labels.map((label) => label.toLowerCase()));
  return asFit(wanted.some((label) => given.has(label.toLowerCase())));
}

function ofTiers(names: readonly string[], tiers: Policy['tiers']): readonly Glob[] {
  return tiers.filter(({ name }) => names.includes(name)).flatMap(({ repositories }) => repositories);
}

/** A pattern may name a repository with its host, with its owner, or alone: `auth-*`, `payments/*`, `github.com/acme/*`. */
function isRepository(globs: readonly Glob[], repo: string): boolean {
  const parts = repo.split('/');
  const names = parts.map((_, index) => parts.slice(index).join('/'));
  return names.some((name) => globs.some((glob) => matchesName(glob, name)));
}

function asFit(fits: boolean): Fit {
  return fits ? 'fits' : 'does not fit';
}
