/**
 * `node test/code-host/main.ts [--port <port>] [--webhook <address>]`: a code host with a lived-in organisation, to try the
 * product without an account. Prints where it is and what opens it; ends with Ctrl-C, and everything in it is gone then.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { openCodeHost } from './code-host.ts';
import { settleIn } from './lived-in.ts';

const { values } = parseArgs({ options: { port: { type: 'string' }, webhook: { type: 'string' } } });
const host = await openCodeHost({ port: Number(values.port ?? 0) });
const { organization, owner, repositories, app, installation, bypassed } = await settleIn(
  host,
  values.webhook,
);

console.log(`A code host that behaves like GitHub Enterprise Server: ${host.url}

  REST      ${host.apiUrl}
  GraphQL   ${host.graphqlUrl}
  Owner     ${owner.login} of ${organization.login}, token ${host.createToken(owner)}
  Clone     ${repositories.map((repository) => host.cloneUrl(repository, owner)).join('\n            ')}

  App       ${app.name}: id ${app.id}, client id ${app.clientId}, installation ${installation.id}
  Webhook   ${app.hook.url === '' ? 'none yet: PATCH /app/hook/config, or start with --webhook <address>' : app.hook.url}
  Secret    ${app.hook.secret}
  New app   POST ${host.url}/organizations/${organization.login}/settings/apps/new (a manifest; nobody needs to sign in)
  Bypass    ${organization.login}/billing#${bypassed.number} was merged by ${owner.login} past a red check

${app.privateKeyPem}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    host.close().catch((error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    });
  });
