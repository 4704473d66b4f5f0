import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodeHost } from '../code-host/code-host.ts';
import { appEvents, appPermissions } from '../code-host/lived-in-parts.ts';
import type { Account, App } from '../code-host/model.ts';

/** An app with all that Reentry asks for, installed in the organization; it tells nobody anything until `tellServer`. */
export function installEvidenceApp(host: CodeHost, organization: Account, by: Account): App {
  const app = host.createApp({
    name: 'Evidence',
    owner: organization,
    permissions: appPermissions,
    events: appEvents,
    webhook: { url: 'http://127.0.0.1:9/', secret: 'a-secret-that-nobody-prints' },
  });
  host.installApp({ app, account: organization, by });
  return app;
}

/** What a server needs to work under that app; its key is written into the folder. */
export async function appEnvironment(
  host: Pick<CodeHost, 'url'>,
  app: App,
  folder: string,
): Promise<Record<string, string>> {
  const keyFile = join(folder, 'app.pem');
  await writeFile(keyFile, app.privateKeyPem, { mode: 0o600 });
  return {
    GITHUB_WEBHOOK_SECRET: app.hook.secret,
    GITHUB_URL: host.url,
    GITHUB_APP_ID: String(app.id),
    GITHUB_APP_PRIVATE_KEY_FILE: keyFile,
  };
}

/** From now on the app's events go to the server at that address. */
export function tellServer(app: App, address: string): void {
  app.hook.url = `${address.replace('localhost', '127.0.0.1')}/webhooks/github`;
}
