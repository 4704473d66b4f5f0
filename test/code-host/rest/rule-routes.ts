import { type Kernel, Refusal } from '../kernel.ts';
import type { Account, Json, Repository, Ruleset } from '../model.ts';
import { permissionOf } from '../permissions.ts';
import { levelOf } from '../verbs/apps.ts';
import { allRulesets, mayBypass, rulesetsOf } from '../verbs/rules.ts';
import {
  branchRuleView,
  fullRuleSuiteView,
  fullRulesetView,
  protectionView,
  ruleSuiteView,
  rulesetView,
  versionState,
} from '../views/rules.ts';
import {
  actorOf,
  numberOf,
  type OfRepository,
  ofRepository,
  ok,
  paged,
  type RestRequest,
  type Route,
} from './route.ts';

const metadata = ['metadata', 'read'] as const;
const administration = ['administration', 'read'] as const;
/** GitHub shows a ruleset's history to those only who may change it. */
const edit = ['administration', 'write'] as const;

export const ruleRoutes: readonly Route[] = [
  ofRepository(
    'GET',
    '/branches/{branch}/protection',
    administration,
    ({ kernel, repository, parameters }) => {
      const protection = repository.protections.get(parameters.branch ?? '');
      if (!protection) throw new Refusal(404, 'Branch not protected');
      return ok(protectionView(kernel, repository, protection));
    },
  ),
  ofRepository('GET', '/rulesets', metadata, (request) => {
    const { kernel, repository, url } = request;
    const withParents = url.searchParams.get('includes_parents') !== 'false';
    const found = withParents ? allRulesets(kernel, repository) : [...repository.rulesets.values()];
    return paged(request, found, (ruleset) => rulesetView(kernel, ruleset));
  }),
  ofRepository('GET', '/rulesets/rule-suites', edit, (request) => {
    const { kernel, repository, url } = request;
    const result = url.searchParams.get('rule_suite_result') ?? 'all';
    const ref = url.searchParams.get('ref');
    const found = repository.ruleSuites
      .filter((suite) => result === 'all' || suite.result === result)
      .filter((suite) => ref === null || suite.ref === ref || suite.ref === `refs/heads/${ref}`)
      .reverse();
    return paged(request, found, (suite) => ruleSuiteView(kernel, repository, suite));
  }),
  ofRepository('GET', '/rulesets/rule-suites/{rule_suite_id}', edit, ({ kernel, repository, parameters }) => {
    const suite = repository.ruleSuites.find(({ id }) => id === numberOf(parameters.rule_suite_id));
    if (!suite) throw new Refusal(404, 'Not Found');
    return ok(fullRuleSuiteView(kernel, repository, suite));
  }),
  ofRepository('GET', '/rulesets/{ruleset_id}', metadata, (request) => {
    const ruleset = rulesetOf(request);
    const reader = readerOf(request, ruleset);
    return ok(fullRulesetView(request.kernel, ruleset, reader));
  }),
  ofRepository('GET', '/rulesets/{ruleset_id}/history', edit, (request) => {
    const { kernel } = request;
    return paged(
      request,
      [...rulesetOf(request).versions].reverse(),
      ({ versionId, actorId, updatedAt }) => ({
        version_id: versionId,
        actor: versionActor(kernel.account(actorId)),
        updated_at: updatedAt,
      }),
    );
  }),
  ofRepository('GET', '/rulesets/{ruleset_id}/history/{version_id}', edit, (request) => {
    const ruleset = rulesetOf(request);
    const id = numberOf(request.parameters.version_id);
    const version = ruleset.versions.find(({ versionId }) => versionId === id);
    if (!version) throw new Refusal(404, 'Not Found');
    return ok({
      version_id: id,
      actor: versionActor(request.kernel.account(version.actorId)),
      updated_at: version.updatedAt,
      state: versionState(request.kernel, ruleset, version.content),
    });
  }),
  ofRepository('GET', '/rules/branches/{branch}', metadata, (request) => {
    const { kernel, repository, parameters } = request;
    const rules = rulesetsOf(kernel, repository, parameters.branch ?? '')
      .filter(({ content }) => content.enforcement === 'active')
      .flatMap((ruleset) => ruleset.content.rules.map((rule) => branchRuleView(kernel, ruleset, rule)));
    return paged(request, rules, (rule) => rule);
  }),
  {
    method: 'GET',
    path: '/orgs/{org}/rulesets',
    handle: (request) => {
      const { kernel, parameters } = request;
      const organization = kernel.accountByLogin(parameters.org ?? '');
      if (!mayAdminister(request, organization)) throw new Refusal(404, 'Not Found');
      return paged(request, [...organization.rulesets.values()], (ruleset) => rulesetView(kernel, ruleset));
    },
  },
];

function mayAdminister({ requester }: RestRequest, organization: Account): boolean {
  if (requester.kind === 'user') return organization.members.get(requester.account.id) === 'admin';
  if (requester.kind !== 'installation' || requester.installation.accountId !== organization.id) return false;
  return levelOf(requester.permissions.organization_administration) >= levelOf('read');
}

function versionActor({ id, kind }: Account): Json {
  return { id, type: kind };
}

function rulesetOf({ kernel, repository, parameters }: OfRepository): Ruleset {
  const id = numberOf(parameters.ruleset_id);
  const found = allRulesets(kernel, repository).find((ruleset) => ruleset.id === id);
  if (!found) throw new Refusal(404, 'Not Found');
  return found;
}

function readerOf(
  request: OfRepository,
  ruleset: Ruleset,
): { readonly mayEdit: boolean; readonly bypass: string } {
  const { kernel, repository, requester } = request;
  if (requester.kind === 'anonymous' || requester.kind === 'app') return { mayEdit: false, bypass: 'never' };
  const actor = actorOf(request);
  const mayEdit =
    requester.kind === 'user'
      ? permissionOf(kernel, repository, actor) === 'admin'
      : levelOf(requester.permissions.administration) >= levelOf('write');
  return { mayEdit, bypass: bypassOf(kernel, repository, ruleset, actor) };
}

function bypassOf(kernel: Kernel, repository: Repository, ruleset: Ruleset, actor: Account): string {
  if (mayBypass(kernel, repository, ruleset, actor, 'always')) return 'always';
  return mayBypass(kernel, repository, ruleset, actor, 'pull_request') ? 'pull_requests_only' : 'never';
}
