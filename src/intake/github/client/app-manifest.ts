import { z } from 'zod';
import { AppError } from '../../../core/errors.ts';
import { Id, Name } from '../payload.ts';
import { readJson } from '../read-json.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { hostError } from './host-errors.ts';
import { githubPlaces } from './options.ts';
import { wantedPermissions } from './permissions.ts';
import { understood } from './requests.ts';

/** What the webhook's readers take; GitHub refuses an event whose permission the app does not ask for. */
const events = [
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'pull_request_review_thread',
  'push',
  'merge_group',
  'check_run',
  'check_suite',
  'status',
  'workflow_run',
  'workflow_job',
  'deployment',
  'deployment_status',
  'repository',
  'repository_ruleset',
  'branch_protection_rule',
  'branch_protection_configuration',
  'member',
  'membership',
  'team',
  'team_add',
  'organization',
] as const;

/** From which GitHub makes an app, once somebody sends it there from a form (`manifest`) and agrees. */
export interface GithubManifest {
  readonly name: string;
  readonly url: string;
  readonly redirect_url: string;
  readonly setup_url?: string;
  readonly hook_attributes: { readonly url: string; readonly active: true };
  readonly public: false;
  readonly default_permissions: Readonly<Record<string, 'read' | 'write'>>;
  readonly default_events: readonly string[];
}

/** The app that Reentry asks for. `baseUrl`: of Reentry. `redirectUrl`: where GitHub sends the code. */
export function githubManifest(given: {
  readonly name: string;
  readonly baseUrl: string;
  readonly webhookUrl: string;
  readonly redirectUrl: string;
  readonly setupUrl?: string;
}): GithubManifest {
  return {
    name: given.name,
    url: given.baseUrl,
    redirect_url: given.redirectUrl,
    ...(given.setupUrl === undefined ? {} : { setup_url: given.setupUrl }),
    hook_attributes: { url: given.webhookUrl, active: true },
    public: false,
    default_permissions: Object.fromEntries(wantedPermissions.map(({ name, wanted }) => [name, wanted])),
    default_events: events,
  };
}

/** Where the form with the manifest goes; `baseUrl`: of GitHub's pages. */
export function manifestFormAction(baseUrl: string, organization?: string): string {
  const { pages } = githubPlaces(baseUrl);
  const owner = organization === undefined ? '' : `/organizations/${encodeURIComponent(organization)}`;
  return `${pages}${owner}/settings/apps/new`;
}

const Made = z.object({
  id: Id,
  slug: Name,
  name: Name,
  client_id: Name,
  client_secret: Name,
  webhook_secret: Name,
  pem: z.string().includes('PRIVATE KEY').max(16_384),
  html_url: z.string().nullish(),
});

export interface MadeApp {
  readonly appId: string;
  readonly slug: string;
  readonly name: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const route = 'POST /app-manifests/{code}/conversions';

/**
 * The app that was made, with its key: the host hands it out once. Not tried again by itself, since the code may be used up.
 * Errors: HOST_MISSING for a code that is wrong, used or an hour old; HOST_BUSY, HOST_ANSWER.
 */
export async function convertManifestCode(
  baseUrl: string,
  code: string,
  { timeoutMs = 20_000 }: { readonly timeoutMs?: number } = {},
): Promise<MadeApp> {
  const { api, name: host } = githubPlaces(baseUrl);
  if (!/^[\w-]{1,200}$/.test(code))
    throw new AppError('HOST_MISSING', { host, detail: 'a code of that form' });
  const send = boundedFetch({ timeoutMs, maxBytes: 1024 * 1024, answered: () => undefined });
  const headers = { accept: 'application/vnd.github+json', 'user-agent': 'reentry' };
  const response = await send(`${api}/app-manifests/${code}/conversions`, { method: 'POST', headers }).catch(
    () => null,
  );
  if (response === null) throw new AppError('HOST_BUSY', { host, detail: `no answer in time to ${route}` });
  const read = readJson(await response.text());
  if (!response.ok)
    throw hostError(
      { status: response.status, response: { headers: Object.fromEntries(response.headers) } },
      host,
      route,
    );
  if (!read.ok) throw new AppError('HOST_ANSWER', { host, detail: `${route}: ${read.because}` });
  const made = understood(host, Made, read.value);
  return {
    appId: made.id,
    slug: made.slug,
    name: made.name,
    privateKey: made.pem,
    webhookSecret: made.webhook_secret,
    clientId: made.client_id,
    clientSecret: made.client_secret,
  };
}
