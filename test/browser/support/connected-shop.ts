import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CodeHost, openCodeHost } from '../../code-host/code-host.ts';
import type { Account, CheckRun, PullRequest, Repository } from '../../code-host/model.ts';
import { appEnvironment, installEvidenceApp, tellServer } from '../../support/evidence-app.ts';
import { until } from '../../support/open-board.ts';
import { type ServedReentry, serveRepositories } from './served-reentry.ts';

export interface ConnectedShop {
  readonly host: CodeHost;
  readonly served: ServedReentry;
  readonly shop: Repository;
  readonly people: Readonly<Record<'ada' | 'ben', Account>>;
  readonly agent: Account;
  /** Opens one with a commit of that account, once its verdict is said at the host. */
  open(pull: { readonly by: Account; readonly head: string; readonly title: string }): Promise<PullRequest>;
  close(): Promise<void>;
}

const policy = `version: 1
rules:
  - id: any-change
    require: { humanApprovals: 1, gates: [tests] }
  - id: agent-made
    when: { class: [ai, mixed, unknown] }
    require: { attributionLevel: 2 }
gates:
  tests: { check: ci/test, app: github-actions }
`;
const botEmail = 'cursoragent@cursor.com';

/** A code host with one repository and a policy, and a server that its app tells of everything. */
export async function connectShop(): Promise<ConnectedShop> {
  const host = await openCodeHost();
  const [ada, ben] = ['ada', 'ben'].map((login) =>
    host.createAccount({ login, name: login, email: `${login}@acme.test` }),
  ) as [Account, Account];
  const acme = host.createAccount({ login: 'acme', kind: 'Organization' });
  host.addMember({ organization: acme, member: ada, role: 'admin', by: ada });
  const shop = await host.createRepository({ owner: acme, name: 'shop', by: ada });
  const agent = host.createAccount({ login: 'cursor[bot]', kind: 'Bot', email: botEmail });
  for (const account of [ben, agent]) host.grant({ repository: shop, account, permission: 'write', by: ada });
  const files = { 'src/cart.ts': 'export const cart = [];\n', '.reentry/policy.yml': policy };
  await host.commit({ repository: shop, branch: 'main', files, message: 'Start the shop', by: ada });
  const app = installEvidenceApp(host, acme, ada);
  const keys = await mkdtemp(join(tmpdir(), 'reentry-app-'));
  const served = await serveRepositories(() => [], await appEnvironment(host, app, keys));
  tellServer(app, served.url);
  return {
    host,
    served,
    shop,
    people: { ada, ben },
    agent,
    open: async ({ by, head, title }) => {
      const person =
        by === agent
          ? { name: 'Cursor Agent', email: botEmail }
          : { name: by.login, email: `${by.login}@acme.test` };
      await host.commit({
        repository: shop,
        branch: head,
        files: { [`src/${head.replaceAll('/', '-')}.ts`]: 'export const price = 9;\n' },
        message: title,
        by,
        author: person,
        committer: person,
      });
      const pull = await host.openPullRequest({ repository: shop, by, head, title });
      await verdictSaid(shop, pull.headSha);
      return pull;
    },
    close: async () => {
      await served.stop();
      await host.close();
      await rm(keys, { recursive: true, force: true });
    },
  };
}

async function verdictSaid(shop: Repository, sha: string): Promise<void> {
  await until(
    async () =>
      [...shop.checkRuns.values()].find(({ name, headSha }) => name === 'reentry' && headSha === sha),
    (run: CheckRun | undefined) => run?.status === 'completed',
  );
}
