/** Joins the served process: archive, readers, door and jobs behind one HTTP server. */
import { createPublicKey } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Archive } from './app/ports.ts';
import { DeliveryIntake } from './app/receive-delivery.ts';
import { ReportIntake } from './app/receive-report.ts';
import { actionRecorder } from './app/record-action.ts';
import { archiveOf, openParts, type Parts, surroundings } from './archive.ts';
import type { Terminal } from './cli/terminal.ts';
import type { OpenServer } from './cli/world.ts';
import type { Config } from './config.ts';
import type { Settings } from './contract/door.ts';
import { AppError } from './core/errors.ts';
import { priorModel } from './core/risk/prior-model.ts';
import { utcMinute } from './core/sentence-parts.ts';
import { openDoor } from './door/open-door.ts';
import { logFolder } from './evidence.ts';
import { freeBytes } from './free-bytes.ts';
import { type Hosts, openHosts } from './hosts.ts';
import { lookAtRepository } from './intake/git/look-at-repository.ts';
import { openRepositoryInThread } from './intake/git/thread-reader.ts';
import { githubWebhooks } from './intake/github/github-webhooks.ts';
import { reportReader } from './intake/reports/report-reader.ts';
import { installQueue } from './jobs/install-queue.ts';
import { openWorkBoard, type RunningWorkBoard } from './jobs/work-board.ts';
import { publishedLog } from './ledger/published-log.ts';
import { createServer } from './server/create-server.ts';
import { Listeners } from './server/listeners.ts';
import type { ServerParts, ServerSettings } from './server/parts.ts';
import { welcomeLink } from './server/welcome-link.ts';
import type { DataFolder } from './store/data-folder.ts';
import { verifyInThread } from './verify-in-thread.ts';

export interface ServingOptions {
  readonly config: Config;
  readonly terminal: Terminal;
  readonly version: string;
  /** Where the built pages are, if they are built. */
  readonly pagesFolder: string;
  /** Held already; given back when the server is closed, or cannot be opened. */
  readonly folder: DataFolder;
}

/** For one address: more than the people behind it mistype, far less than guessing needs. */
const attemptsPerMinute = 20;
const maxEventLoopDelayMs = 1_000;
const databaseAnswerMs = 2_000;

/**
 * Opens the data folder and serves it. First this machine alone is listened to; the configured address follows once somebody has an
 * account, at once if somebody has. Errors: those of the data folder and database, PORT_IN_USE, CONFIG_INVALID.
 */
export async function openServer(options: ServingOptions): Promise<OpenServer> {
  const closing = new Closing();
  try {
    return await openInOrder(options, closing);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

async function openInOrder(options: ServingOptions, closing: Closing): Promise<OpenServer> {
  const { config, folder } = options;
  const parts = await openParts(folder, { databaseUrl: config.databaseUrl, prepare: installQueue });
  closing.add(() => parts.close());
  const archive = await archiveOf(folder.path, parts);
  const state: ServingState = { log: undefined, stopped: undefined };
  const door = await openDoor({
    connection: parts.store.connection,
    secretFile: join(folder.path, 'keys', 'door.secret'),
    recorder: actionRecorder(archive),
    surroundings,
  });
  closing.add(() => door.close());
  const work = await openJobs({ config, archive, parts, state });
  closing.add(() => work.stop());

  const hosts = await openHosts({
    config,
    archive,
    checks: parts.store.checks,
    progress: parts.store.hostProgress,
    followMirror: async (path, addedBy, signal) =>
      ended(parts, (await work.addRepository(path, addedBy)).id, signal),
    address: () => config.publicUrl ?? `http://localhost:${listeners.port}`,
    onAssessed: ({ number, ...rest }) =>
      state.log?.info({ pullRequest: number, ...rest }, 'assessed a pull request'),
    onProblem: (error, doing) => tell(state, error, doing),
  });
  closing.add(() => hosts.stop());

  // The two know each other: one answers what the other takes in.
  let answer: FastifyInstance['routing'] | undefined;
  const listeners = new Listeners((request, response) => answer?.(request, response), config);
  const app = await createServer({
    ...(await servedParts(options, { archive, parts, state, listeners, hosts })),
    door,
    work,
    onJoined: () => {
      listeners.widen().catch((error: unknown) => tell(state, error, 'opening the configured address'));
    },
  });
  answer = app.routing;
  state.log = app.log;
  closing.add(() => app.close());
  closing.add(() => listeners.drain());
  await listeners.openLoopback();
  if (await door.isClaimed()) await listeners.widen();

  const address = `http://localhost:${listeners.port}`;
  const token = await door.firstOwnerToken();
  return {
    archive,
    work,
    address: config.publicUrl ?? address,
    welcomeLink: token === undefined ? undefined : welcomeLink(address, token),
    close: () => closing.run(),
  };
}

/** Waits for a job: merges that were told of afterwards are judged by what its import read. */
async function ended({ store }: Parts, jobId: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const job = await store.work.job(jobId);
    if (job === undefined || (job.state !== 'waiting' && job.state !== 'running')) return;
    await wait(jobPollMs, undefined, { signal });
  }
}

const jobPollMs = 250;

interface ServingState {
  /** Undefined until the server is made. */
  log: FastifyInstance['log'] | undefined;
  /** Why a log takes nothing more: only a new start may look again. */
  stopped: AppError | undefined;
}

function tell(state: ServingState, error: unknown, doing: string): void {
  if (error instanceof AppError && (error.code === 'DISK_FAILED' || error.code === 'LOG_DIVERGED'))
    state.stopped = error;
  state.log?.error({ err: error, doing }, 'work in the background failed');
}

interface Opened {
  readonly archive: Archive;
  readonly parts: Parts;
  readonly state: ServingState;
}

function openJobs({
  config,
  archive,
  parts,
  state,
}: Opened & { readonly config: Config }): Promise<RunningWorkBoard> {
  const search = config.searchPath === undefined ? {} : { searchPath: config.searchPath };
  const { work, queue, connection } = parts.store;
  return openWorkBoard({
    archive,
    work,
    queue,
    model: priorModel,
    openRepository: (path) => openRepositoryInThread(path, search),
    lookAt: (path, given) => lookAtRepository(path, { ...search, ...given }),
    verify: (given) => verifyInThread({ dataFolder: archive.path, connection }, given),
    onProblem: (error, doing) => tell(state, error, doing),
  });
}

async function servedParts(
  options: ServingOptions,
  {
    archive,
    parts,
    state,
    listeners,
    hosts,
  }: Opened & { readonly listeners: Listeners; readonly hosts: Hosts },
): Promise<Omit<ServerParts, 'door' | 'work' | 'onJoined'>> {
  const { version } = options;
  const { statements } = await parts.keys();
  const spki = createPublicKey(statements.publicKey).export({ format: 'der', type: 'spki' });
  return {
    version,
    changes: parts.store.changes,
    entries: parts.store.entries,
    logs: {
      events: await publishedLog(logFolder(archive.path, 'events'), 'events'),
      evidence: await publishedLog(logFolder(archive.path, 'evidence'), 'evidence'),
    },
    ledger: parts.ledger,
    // The last 32 bytes of an Ed25519 SubjectPublicKeyInfo are the key (RFC 8410 section 4).
    statementKey: { keyId: statements.keyId, publicKey: spki.subarray(-32) },
    actions: actionRecorder(archive),
    reports: new ReportIntake({
      ...archive,
      reports: reportReader(),
      onStored: (observations) => hosts.queue.told(observations),
    }),
    webhooks: { github: githubIntake(options, { archive, parts, hosts }) },
    now: () => surroundings.now(),
    settings: () => describeInstallation({ version, archive, parts, listeners }),
    obstacles: () => obstacles(parts, state),
    loopbackOnly: () => listeners.isLoopbackOnly,
    draining: () => listeners.isDraining,
    settled: await settledFrom(options, archive.path),
  };
}

/** Undefined without a secret: what nobody signed is nobody's word. */
function githubIntake(
  { config }: Pick<ServingOptions, 'config'>,
  { archive, parts, hosts }: Pick<Opened, 'archive' | 'parts'> & { readonly hosts: Hosts },
): DeliveryIntake | undefined {
  if (config.githubWebhookSecrets.length === 0) return undefined;
  return new DeliveryIntake({
    ledger: archive.ledger,
    surroundings: archive.surroundings,
    webhooks: githubWebhooks(config.githubWebhookSecrets),
    deliveries: parts.store.deliveries,
    onStored: (observations) => hosts.queue.told(observations),
  });
}

async function settledFrom(
  { config, terminal, pagesFolder }: ServingOptions,
  dataFolder: string,
): Promise<ServerSettings> {
  const arePagesBuilt = await stat(join(pagesFolder, 'index.html')).then(
    () => true,
    () => false,
  );
  return {
    logFolder: join(dataFolder, 'logs'),
    webFolder: arePagesBuilt ? pagesFolder : undefined,
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies,
    log: {
      // On a terminal somebody reads along, and a line for each request is in the way.
      level: config.logLevel ?? (terminal.errIsTerminal ? 'warn' : 'info'),
      write: (line) => terminal.err(line),
    },
    requestsPerMinute: config.rateLimit,
    attemptsPerMinute,
    maxEventLoopDelayMs,
  };
}

async function obstacles(parts: Parts, { stopped }: ServingState): Promise<readonly string[]> {
  const late = new Promise<string>((done) => {
    setTimeout(() => done('the database does not answer'), databaseAnswerMs).unref();
  });
  const database = await Promise.race([
    parts.ledger.size('events').then(
      () => undefined,
      () => 'the database does not answer',
    ),
    late,
  ]);
  return [database, stopped && `a log takes nothing more (${stopped.code})`].filter(
    (one) => one !== undefined,
  );
}

async function describeInstallation({
  version,
  archive,
  parts,
  listeners,
}: Pick<ServingOptions, 'version'> &
  Pick<Opened, 'archive' | 'parts'> & { readonly listeners: Listeners }): Promise<Settings> {
  const { kind, version: database } = await parts.describe();
  const repositories = await parts.projections.repositories();
  const delivered = await parts.store.deliveries.newestSigned('github');
  return {
    version,
    dataFolder: archive.path,
    database: { kind, version: database, ok: true },
    node: process.versions.node,
    addresses: [...listeners.addresses],
    loopbackOnly: listeners.isLoopbackOnly,
    freeBytes: await freeBytes(archive.path).catch(() => null),
    capture: [
      {
        id: 'git',
        name: 'Git repositories',
        state: repositories.length > 0 ? 'connected' : 'not-connected',
        detail: 'History, notes and trailers: who or what made a change, as far as git tells.',
      },
      {
        id: 'code-host',
        name: 'Code host',
        state: delivered ? 'connected' : 'not-connected',
        detail: `Pull requests, reviews and checks as they happen.${
          delivered ? ` Last delivery of GitHub: ${utcMinute(delivered.receivedAt)}.` : ''
        }`,
      },
      ...laterCapture.map((part) => ({ ...part, state: 'not-connected' as const })),
    ],
  };
}

const laterCapture = [
  {
    id: 'agents',
    name: 'Agent telemetry',
    detail: 'Sessions, models and tools, told by the agents themselves.',
  },
  {
    id: 'reports',
    name: 'Test and scan reports',
    detail: 'What the automated gates found, sealed with the change.',
  },
] as const;

/** What was opened, closed in the opposite order; once, and all of it, whatever fails on the way. */
class Closing {
  readonly #steps: (() => unknown)[] = [];
  #running: Promise<void> | undefined;

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  run(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.#steps.toReversed()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
