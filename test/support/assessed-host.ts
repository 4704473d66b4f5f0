import { join } from 'node:path';
import { readStatement } from '../../src/app/sealed-statements.ts';
import { type Verification, verifyArchive } from '../../src/app/verify-archive.ts';
import { openEvidence } from '../../src/archive.ts';
import type { ChangeStatement } from '../../src/core/evidence/change-evidence.ts';
import { openDataFolder } from '../../src/store/data-folder.ts';
import { type CodeHost, openCodeHost } from '../code-host/code-host.ts';
import type { FileChanges } from '../code-host/git/make-commits.ts';
import type { Account, App, CheckConclusion, CheckRun, PullRequest, Repository } from '../code-host/model.ts';
import { appEnvironment, installEvidenceApp, tellServer } from './evidence-app.ts';
import { until } from './open-board.ts';
import { makePlace } from './place.ts';
import { type RunningReentry, startReentry } from './run-reentry.ts';

/** An approval by somebody else, and green tests by the app that may report them. */
export const usualPolicy = `version: 1
rules:
  - id: any-change
    require: { humanApprovals: 1, gates: [tests] }
gates:
  tests: { check: ci/test, app: github-actions }
`;

export interface Proposal {
  readonly repository: Repository;
  readonly pull: PullRequest;
}

export interface Proposing {
  readonly repository: Repository;
  readonly branch?: string;
  readonly base?: string;
  readonly files?: FileChanges;
  readonly message?: string;
  readonly author?: { readonly name: string; readonly email: string };
  readonly draft?: boolean;
  readonly hiddenReads?: number;
}

/** A code host, an app in its organization, and Reentry serving under that app's credential. */
export interface AssessedHost extends AsyncDisposable {
  readonly host: CodeHost;
  readonly acme: Account;
  readonly people: Readonly<Record<'ada' | 'ben' | 'cleo' | 'dora', Account>>;
  readonly app: App;
  readonly dataFolder: string;
  readonly running: () => RunningReentry;
  start(): Promise<void>;
  /** Everything that happens at the host happens a second after what happened before. */
  tick(): void;
  repository(name: string, policy?: string | null): Promise<Repository>;
  /** A branch of ada's with a commit, and a pull request for it. */
  propose(given: Proposing): Promise<Proposal>;
  push(given: Proposal & { readonly files: FileChanges; readonly by?: Account }): Promise<void>;
  approve(of: Proposal, by: Account): ReturnType<CodeHost['review']>;
  report(of: Proposal, conclusion: CheckConclusion, app?: App): Promise<CheckRun>;
  /** Our check run on that head, once it says what it is to say. */
  verdict(of: Proposal, holds: (run: CheckRun) => boolean, sha?: string): Promise<CheckRun>;
  /** The line that the server writes once the merge is sealed. */
  sealedMerge(of: Proposal): Promise<string>;
}

export async function openAssessedHost(): Promise<AssessedHost> {
  const place = await makePlace();
  const dataFolder = join(place.path, 'data');
  const host = await openCodeHost();
  const person = (login: string) => host.createAccount({ login, name: login, email: `${login}@acme.test` });
  const people = { ada: person('ada'), ben: person('ben'), cleo: person('cleo'), dora: person('dora') };
  const { ada, ben, cleo, dora } = people;
  const acme = host.createAccount({ login: 'acme', kind: 'Organization' });
  host.addMember({ organization: acme, member: ada, role: 'admin', by: ada });
  const app = installEvidenceApp(host, acme, ada);
  const environment = await appEnvironment(host, app, place.path);
  let running: RunningReentry | undefined;
  let lastMs = 0;

  const tick = () => {
    lastMs = Math.max(Date.now(), lastMs + 1_000, host.kernel.nowMs());
    host.kernel.setClock(new Date(lastMs).toISOString());
  };
  const at = ({ repository }: Proposal) => repository;

  return {
    host,
    acme,
    people,
    app,
    dataFolder,
    running: () => {
      if (running === undefined) throw new Error('it was not started');
      return running;
    },
    start: async () => {
      running = startReentry(['serve', '--data', dataFolder, '--port', '0'], { env: environment });
      tellServer(app, await running.matched(/http:\/\/localhost:\d+/));
    },
    tick,
    repository: async (name, policy = usualPolicy) => {
      tick();
      const repository = await host.createRepository({ owner: acme, name, by: ada });
      for (const account of [ben, cleo]) host.grant({ repository, account, permission: 'write', by: ada });
      host.grant({ repository, account: dora, permission: 'read', by: ada });
      const files = {
        'src/cart.ts': 'export const cart = [];\n',
        ...(policy === null ? {} : { '.reentry/policy.yml': policy }),
      };
      await host.commit({ repository, branch: 'main', files, message: 'Start the shop', by: ada });
      return repository;
    },
    propose: async ({ repository, branch = 'work', base = 'main', draft = false, ...given }) => {
      tick();
      const files = given.files ?? { 'src/work.ts': 'export const work = 1;\n' };
      const { message = 'Do the work', author } = given;
      const written = author === undefined ? {} : { author };
      await host.commit({ repository, branch, from: base, files, message, by: ada, ...written });
      tick();
      const title = message.split('\n', 1)[0] ?? '';
      const { hiddenReads = 0 } = given;
      const opening = { repository, by: ada, head: branch, base, title, draft, hiddenReads };
      return { repository, pull: await host.openPullRequest(opening) };
    },
    push: async ({ repository, pull, files, by = ada }) => {
      tick();
      await host.commit({ repository, branch: pull.headRef, files, message: 'Do more', by });
    },
    approve: (of, by) => {
      tick();
      return host.review({ ...of, by, state: 'APPROVED' });
    },
    report: ({ repository, pull }, conclusion, reporting = host.actions) => {
      tick();
      const report = { name: 'ci/test', conclusion };
      return host.reportCheck({ repository, app: reporting, sha: pull.headSha, report });
    },
    verdict: (of, holds, sha) =>
      until(
        async () => ourRun(at(of), sha ?? of.pull.headSha),
        (run) => run !== undefined && holds(run),
      ) as Promise<CheckRun>,
    sealedMerge: ({ repository, pull }) => {
      if (running === undefined) throw new Error('it was not started');
      const repo = `"repoId":"127.0.0.1/acme/${repository.name}"`;
      return running.matched(new RegExp(`"pullRequest":${pull.number},${repo},[^\n]*"sealed":"merged"`));
    },
    [Symbol.asyncDispose]: async () => {
      await host.close();
      await place[Symbol.asyncDispose]();
    },
  };
}

/** The one that counts for a head: the last that was made under our name. */
function ourRun({ checkRuns }: Repository, sha: string): CheckRun | undefined {
  return [...checkRuns.values()].findLast((run) => run.name === 'reentry' && run.headSha === sha);
}

/** A repository of that name with the usual policy, and a pull request in it. */
export async function proposedIn(
  world: AssessedHost,
  name: string,
  given: Omit<Proposing, 'repository'> = {},
): Promise<Proposal> {
  return world.propose({ repository: await world.repository(name), ...given });
}

/** Everything that the usual policy asks: green tests, and an approval by cleo. */
export async function fulfil(world: AssessedHost, of: Proposal): Promise<void> {
  await world.report(of, 'success');
  world.approve(of, world.people.cleo);
}

export async function passes(world: AssessedHost, of: Proposal): Promise<void> {
  await world.verdict(of, ({ conclusion }) => conclusion === 'success');
}

/** What the check run says once it says that. */
export async function saidOf(world: AssessedHost, of: Proposal, text: string): Promise<string> {
  return says(await world.verdict(of, (run) => says(run).includes(text)));
}

/** A change more to a proposal, and what is said of an approval that was given before it. */
export const more = { 'src/more.ts': 'export const more = 2;\n' };
export const stale = 'whose content is not that of the head';

export function says({ output, conclusion, status }: CheckRun): string {
  return `${conclusion ?? status}: ${output.title}\n${output.summary}`;
}

export interface Sealed {
  readonly statements: readonly ChangeStatement[];
  readonly findings: Verification['findings'];
}

/** Everything that a data folder holds which nobody serves any more. */
export async function readSealed(dataFolder: string): Promise<Sealed> {
  const evidence = await openEvidence(await openDataFolder(dataFolder));
  try {
    const { findings } = await verifyArchive(evidence);
    const statements: ChangeStatement[] = [];
    const ledger = evidence.database?.ledger;
    if (!ledger) throw new Error('there is no database');
    for await (const page of ledger.readSealed('evidence', 0, await ledger.size('evidence')))
      for (const { seq, payload } of page)
        statements.push(readStatement(seq, payload ?? new Uint8Array()).statement);
    return { statements, findings };
  } finally {
    await evidence.close();
  }
}
