import { z } from 'zod';
import type { BypassActor, ObservedProtection, RequiredGate } from '../../../core/host/observation.ts';
import { Id, listOf, Name, OptionalId, OptionalText } from '../payload.ts';
import { observed } from '../reading.ts';
import {
  administrators,
  nothingRequired,
  Rule,
  requiredGates,
  reviewRules,
  unknownRules,
} from '../rulesets.ts';
import { classicProtection } from './classic-protection.ts';
import { isHostError } from './host-errors.ts';
import type { ProtectionPart } from './protection-part.ts';
import { aboutOf, listIn, ofRepository, originOf, type Place, readRepository } from './repository.ts';
import { type Answer, understood } from './requests.ts';

const rulesRoute = `GET ${ofRepository}/rules/branches/{branch}`;
const rulesetRoute = `GET ${ofRepository}/rulesets/{ruleset_id}`;

/** What holds on a branch: everything that any of its rulesets, or its protection, asks for. */
export async function protectionOf(place: Place, branch: string): Promise<ObservedProtection> {
  const repository = await readRepository(place);
  const [rulesets, classic] = await Promise.all([
    partsOfRulesets(place, branch),
    classicProtection(place, branch),
  ]);
  const parts = [...rulesets, ...(classic ? [classic] : [])];
  const sources = parts.flatMap(({ source }) => source ?? []);
  const answers = parts.flatMap((part) => part.answers);
  return {
    schema: 'reentry.protection/1',
    ...observed(aboutOf(place.requests, repository, originOf(rulesRoute, answers)), []),
    action: 'read',
    branch,
    source: null,
    rules: union(parts.map(({ rules }) => rules)),
    // Rules that are only tried out are not listed for a branch.
    enforcement: sources.length > 0 ? 'active' : null,
    bypass: allOf(parts.map(({ bypass }) => bypass)),
    sources,
  };
}

const BranchRule = Rule.extend({ ruleset_id: Id });

async function partsOfRulesets(place: Place, branch: string): Promise<readonly ProtectionPart[]> {
  const { requests, as, parameters } = place;
  const answers: Answer[] = [];
  const byRuleset = new Map<string, Rule[]>();
  try {
    for await (const page of requests.pages(as, rulesRoute, { ...parameters, branch })) {
      answers.push(page);
      for (const item of listIn(requests, page.value)) {
        const rule = understood(requests.places.name, BranchRule, item);
        byRuleset.set(rule.ruleset_id, [...(byRuleset.get(rule.ruleset_id) ?? []), rule]);
      }
    }
  } catch (error) {
    if (!isHostError(error, 'HOST_MISSING', 'HOST_REFUSED')) throw error;
    return [{ source: null, rules: unknownRules, bypass: null, answers: [] }];
  }
  const parts = await Promise.all(
    [...byRuleset].map(async ([source, rules]): Promise<ProtectionPart> => {
      const { bypass, answer } = await bypassOf(place, source);
      return { source, rules: rulesOf(rules, bypass), bypass, answers: answer ? [answer] : [] };
    }),
  );
  // The list itself belongs to what was read, also where it is empty.
  return [{ source: null, rules: nothingRequired, bypass: [], answers }, ...parts];
}

const Ruleset = z.object({
  bypass_actors: listOf(
    z.object({ actor_id: OptionalId, actor_type: Name, bypass_mode: OptionalText }),
    1_000,
  ),
});

/** Who may pass a ruleset by is told only to whoever may edit it. */
async function bypassOf(
  { requests, as, parameters }: Place,
  id: string,
): Promise<{ readonly bypass: readonly BypassActor[] | null; readonly answer: Answer | null }> {
  try {
    const answer = await requests.send(as, rulesetRoute, { ...parameters, ruleset_id: id });
    const { bypass_actors: list } = understood(requests.places.name, Ruleset, answer.value);
    if (list === null || list.unreadable + list.beyond > 0) return { bypass: null, answer };
    const bypass = list.items.map((actor) => ({
      kind: actor.actor_type,
      id: actor.actor_id,
      mode: actor.bypass_mode ?? 'always',
    }));
    return { bypass, answer };
  } catch (error) {
    if (isHostError(error, 'HOST_MISSING', 'HOST_REFUSED')) return { bypass: null, answer: null };
    throw error;
  }
}

function rulesOf(rules: readonly Rule[], bypass: readonly BypassActor[] | null): ObservedProtection['rules'] {
  return {
    ...reviewRules(rules.find(({ type }) => type === 'pull_request')),
    requiredGates: requiredGates(rules.find(({ type }) => type === 'required_status_checks')),
    blocksForcePush: rules.some(({ type }) => type === 'non_fast_forward'),
    blocksDeletion: rules.some(({ type }) => type === 'deletion'),
    appliesToAdmins: bypass === null ? null : !bypass.some(({ kind }) => administrators.has(kind)),
  };
}

/** All of them together. One that is not known leaves open what the others do not ask for. */
function union(all: readonly ObservedProtection['rules'][]): ObservedProtection['rules'] {
  const some = (name: SwitchName) => anyOf(all.map((rules) => rules[name]));
  const approvals = all.map((rules) => rules.approvals);
  const asking = all.filter((rules) => rules !== nothingRequired);
  return {
    requiresPullRequest: some('requiresPullRequest'),
    approvals: approvals.includes(null) ? null : Math.max(0, ...approvals.map((count) => count ?? 0)),
    dismissesStale: some('dismissesStale'),
    lastPushApproval: some('lastPushApproval'),
    codeOwners: some('codeOwners'),
    requiredGates: distinct(allOf(all.map((rules) => rules.requiredGates))),
    blocksForcePush: some('blocksForcePush'),
    blocksDeletion: some('blocksDeletion'),
    // Past one of them is past what it alone asks for: all must hold.
    appliesToAdmins: asking.length === 0 ? false : everyOf(asking.map((rules) => rules.appliesToAdmins)),
  };
}

type SwitchName = Exclude<
  keyof ObservedProtection['rules'],
  'approvals' | 'requiredGates' | 'appliesToAdmins'
>;

function anyOf(flags: readonly (boolean | null)[]): boolean | null {
  if (flags.includes(true)) return true;
  return flags.includes(null) ? null : false;
}

function everyOf(flags: readonly (boolean | null)[]): boolean | null {
  if (flags.includes(false)) return false;
  return flags.includes(null) ? null : true;
}

function allOf<Item>(lists: readonly (readonly Item[] | null)[]): readonly Item[] | null {
  return lists.includes(null) ? null : lists.flatMap((list) => list ?? []);
}

function distinct(gates: readonly RequiredGate[] | null): readonly RequiredGate[] | null {
  if (gates === null) return null;
  return [...new Map(gates.map((gate) => [`${gate.appId} ${gate.name}`, gate])).values()];
}
