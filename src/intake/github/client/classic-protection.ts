import { z } from 'zod';
import type { BypassActor, ObservedProtection } from '../../../core/host/observation.ts';
import { Id, Name } from '../payload.ts';
import { nothingRequired, unknownRules } from '../rulesets.ts';
import { isHostError } from './host-errors.ts';
import type { ProtectionPart } from './protection-part.ts';
import { ofRepository, type Place } from './repository.ts';
import { understood } from './requests.ts';

const protectionRoute = `GET ${ofRepository}/branches/{branch}/protection`;
const branchRoute = `GET ${ofRepository}/branches/{branch}`;

const Enabled = z.object({ enabled: z.boolean() }).nullish();
const People = z.array(z.object({ id: Id })).nullish();

const Protection = z.object({
  required_status_checks: z
    .object({
      contexts: z.array(Name).nullish(),
      checks: z.array(z.object({ context: Name, app_id: z.int().nullish() })).nullish(),
    })
    .nullish(),
  required_pull_request_reviews: z
    .object({
      dismiss_stale_reviews: z.boolean().nullish(),
      require_code_owner_reviews: z.boolean().nullish(),
      require_last_push_approval: z.boolean().nullish(),
      required_approving_review_count: z.int().nonnegative().nullish(),
      bypass_pull_request_allowances: z.object({ users: People, teams: People, apps: People }).nullish(),
    })
    .nullish(),
  enforce_admins: Enabled,
  allow_force_pushes: Enabled,
  allow_deletions: Enabled,
});
type Protection = z.output<typeof Protection>;

/** The branch's own protection; null where it has none. Whoever is no administrator may be told only that there is one. */
export async function classicProtection(place: Place, branch: string): Promise<ProtectionPart | null> {
  const { requests, as } = place;
  const parameters = { ...place.parameters, branch };
  try {
    const answer = await requests.send(as, protectionRoute, parameters);
    const told = understood(requests.places.name, Protection, answer.value);
    return { source: 'branch-protection', rules: rulesOf(told), bypass: bypassOf(told), answers: [answer] };
  } catch (error) {
    if (!isHostError(error, 'HOST_MISSING', 'HOST_REFUSED')) throw error;
  }
  // "Not protected" and "not for you" are the same answer: the branch tells them apart.
  const isProtected = await hasProtection(place, branch);
  if (isProtected === false) return null;
  return {
    source: isProtected ? 'branch-protection' : null,
    rules: unknownRules,
    bypass: null,
    answers: [],
  };
}

async function hasProtection({ requests, as, parameters }: Place, branch: string): Promise<boolean | null> {
  try {
    const { value } = await requests.send(as, branchRoute, { ...parameters, branch });
    const Branch = z.object({
      protected: z.boolean().nullish(),
      protection: Enabled,
    });
    const told = Branch.safeParse(value).data;
    if (told?.protected === false) return false;
    return told?.protection?.enabled ?? null;
  } catch (error) {
    if (isHostError(error, 'HOST_MISSING', 'HOST_REFUSED')) return null;
    throw error;
  }
}

function rulesOf(told: Protection): ObservedProtection['rules'] {
  const reviews = told.required_pull_request_reviews;
  const checks = told.required_status_checks;
  return {
    ...nothingRequired,
    ...(reviews
      ? {
          requiresPullRequest: true,
          approvals: reviews.required_approving_review_count ?? null,
          dismissesStale: reviews.dismiss_stale_reviews ?? null,
          codeOwners: reviews.require_code_owner_reviews ?? null,
          // Servers that do not know this setting do not have it.
          lastPushApproval: reviews.require_last_push_approval ?? false,
        }
      : {}),
    requiredGates: checks ? gatesOf(checks) : [],
    blocksForcePush: not(told.allow_force_pushes?.enabled),
    blocksDeletion: not(told.allow_deletions?.enabled),
    appliesToAdmins: told.enforce_admins?.enabled ?? null,
  };
}

function gatesOf({
  contexts,
  checks,
}: NonNullable<Protection['required_status_checks']>): ObservedProtection['rules']['requiredGates'] {
  // -1 stands for any app.
  if (checks)
    return checks.map(({ context, app_id: id }) => ({
      name: context,
      appId: id && id > 0 ? String(id) : null,
    }));
  return contexts?.map((name) => ({ name, appId: null })) ?? null;
}

function not(flag: boolean | undefined): boolean | null {
  return flag === undefined ? null : !flag;
}

function bypassOf({ required_pull_request_reviews: reviews }: Protection): readonly BypassActor[] {
  const allowed = reviews?.bypass_pull_request_allowances;
  const kinds = [
    ['User', allowed?.users],
    ['Team', allowed?.teams],
    ['Integration', allowed?.apps],
  ] as const;
  return kinds.flatMap(([kind, list]) => (list ?? []).map(({ id }) => ({ kind, id, mode: 'pull_request' })));
}
