import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Kernel, Refusal } from './kernel.ts';
import type { Account, Json } from './model.ts';
import type { ManifestCodes } from './rest/app-routes.ts';
import { createApp, installApp } from './verbs/apps.ts';

/**
 * The two pages of GitHub's that somebody sees when they connect an app. The double has no sign-in: whoever comes is the owner,
 * and has already pressed the button.
 */
export async function answerPage(
  { kernel, codes }: { readonly kernel: Kernel; readonly codes: ManifestCodes },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://pages.invalid');
  try {
    const location = await pageOf(kernel, codes, request, url);
    response.writeHead(302, { Location: location }).end();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    response.writeHead(error.status, { 'Content-Type': 'text/plain' }).end(`${error.message}\n`);
  }
}

async function pageOf(
  kernel: Kernel,
  codes: ManifestCodes,
  request: IncomingMessage,
  url: URL,
): Promise<string> {
  const newApp = /^(?:\/organizations\/([^/]+))?\/settings\/apps\/new$/.exec(url.pathname);
  if (newApp && request.method === 'POST') {
    const owner = newApp[1] === undefined ? firstAdmin(kernel) : kernel.accountByLogin(newApp[1]);
    return fromManifest(kernel, codes, owner, { manifest: await formField(request, 'manifest'), url });
  }
  const install = /^\/(?:github-)?apps\/([^/]+)\/installations\/new$/.exec(url.pathname);
  if (install) return installed(kernel, install[1] ?? '', url);
  throw new Refusal(404, 'Not Found');
}

function fromManifest(
  kernel: Kernel,
  codes: ManifestCodes,
  owner: Account,
  { manifest: text, url }: { readonly manifest: string; readonly url: URL },
): string {
  const manifest = JSON.parse(text) as Json;
  const hook = manifest.hook_attributes as { readonly url?: string; readonly active?: boolean } | undefined;
  const redirect = manifest.redirect_url;
  if (typeof manifest.url !== 'string' || typeof redirect !== 'string')
    throw new Refusal(422, 'Invalid GitHub App configuration: url and redirect_url are required');
  const app = createApp(kernel, {
    name: typeof manifest.name === 'string' ? manifest.name : `app-${randomBytes(3).toString('hex')}`,
    owner,
    permissions: (manifest.default_permissions ?? {}) as Record<string, string>,
    events: (manifest.default_events ?? []) as readonly string[],
    externalUrl: manifest.url,
    ...(hook?.url === undefined ? {} : { webhook: { url: hook.url } }),
    ...(typeof manifest.setup_url === 'string' ? { setupUrl: manifest.setup_url } : {}),
  });
  app.hook.active = hook?.active ?? true;
  const code = randomBytes(20).toString('hex');
  codes.set(code, app);
  const to = new URL(redirect);
  to.searchParams.set('code', code);
  const state = url.searchParams.get('state');
  if (state !== null) to.searchParams.set('state', state);
  return to.href;
}

/** On the app's owner, for all repositories. */
function installed(kernel: Kernel, slug: string, url: URL): string {
  const app = [...kernel.apps.values()].find((one) => one.slug === slug);
  if (!app) throw new Refusal(404, 'Not Found');
  const account = kernel.account(app.ownerId);
  const known = [...kernel.installations.values()].find(
    (one) => one.appId === app.id && one.accountId === account.id,
  );
  const installation = known ?? installApp(kernel, { app, account, by: firstAdmin(kernel, account) });
  const to = new URL(app.setupUrl ?? app.externalUrl);
  to.searchParams.set('installation_id', String(installation.id));
  to.searchParams.set('setup_action', known ? 'update' : 'install');
  const state = url.searchParams.get('state');
  if (state !== null) to.searchParams.set('state', state);
  return to.href;
}

function firstAdmin(kernel: Kernel, of?: Account): Account {
  for (const account of kernel.accounts.values())
    if (
      account.kind === 'User' &&
      (of === undefined || of.id === account.id || of.members.get(account.id) === 'admin')
    )
      return account;
  throw new Refusal(404, 'nobody owns this');
}

async function formField(request: IncomingMessage, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const value = new URLSearchParams(Buffer.concat(chunks).toString('utf8')).get(name);
  if (value === null) throw new Refusal(422, `${name} is missing`);
  return value;
}
