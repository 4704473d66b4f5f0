import type { SealedEntry } from '../../app/ports.ts';
import type { ReportReceiver } from '../../app/report-ports.ts';
import type {
  ActionRecorder,
  ChangeReader,
  PersonAction,
  PublishedLog,
  WorkBoard,
} from '../../app/serving-ports.ts';
import type { ChangeListItem } from '../../contract/changes.ts';
import type { Job } from '../../contract/work.ts';
import { AppError } from '../../core/errors.ts';
import { emptySummary } from '../../core/reports/report-summary.ts';
import { encodeEntry } from '../../core/tlog/entry.ts';
import { formatTlogProof } from '../../core/tlog/tlog-proof.ts';
import type { ServerParts, ServerSettings } from '../parts.ts';
import { FakeDoor } from './fake-door.ts';

export interface FakeParts extends ServerParts {
  readonly door: FakeDoor;
  /** What was recorded, in order. */
  readonly recorded: PersonAction[];
  /** Lines that were logged. */
  readonly logged: string[];
}

/** Everything that the server asks for, in memory; `changed` replaces parts of it. */
export function fakeParts(
  changed: Partial<Omit<ServerParts, 'settled' | 'door'>> & {
    readonly settled?: Partial<ServerSettings>;
  } = {},
): FakeParts {
  const recorded: PersonAction[] = [];
  const logged: string[] = [];
  const actions: ActionRecorder = {
    record: async (action) => {
      recorded.push(action);
    },
  };
  return {
    version: '0.0.0',
    changes: fakeChanges([item]),
    entries: {
      sealed: async (_, index) => (index === 0 ? entry : undefined),
      checkpointsBefore: async (_, before = 10) =>
        before > 1 ? [{ size: 1, root: zeros(32), note: 'note', previousSize: -1 }] : [],
      firstCovering: async () => ({ size: 1, root: zeros(32), note: 'note' }),
    },
    logs: { events: fakeLog('events'), evidence: fakeLog('evidence') },
    ledger: { size: async () => 1 },
    statementKey: { keyId: 'key', publicKey: zeros(32) },
    work: fakeWork(),
    actions,
    reports: fakeReports(),
    webhooks: {},
    now: () => new Date(0),
    settings: async () => ({
      version: '0.0.0',
      dataFolder: '/data',
      database: { kind: 'embedded', version: '18', ok: true },
      node: '24',
      addresses: [],
      loopbackOnly: true,
      freeBytes: null,
      capture: [],
    }),
    obstacles: async () => [],
    loopbackOnly: () => true,
    draining: () => false,
    onJoined: () => undefined,
    ...changed,
    door: new FakeDoor(),
    recorded,
    logged,
    settled: {
      logFolder: '/nowhere',
      webFolder: undefined,
      publicUrl: undefined,
      trustedProxies: [],
      log: { level: 'info', write: (line) => logged.push(line) },
      requestsPerMinute: 100_000,
      attemptsPerMinute: 100_000,
      maxEventLoopDelayMs: Number.POSITIVE_INFINITY,
      ...changed.settled,
    },
  };
}

export const item: ChangeListItem = {
  repoId: 'local/shop',
  changeId: 'pr/1',
  kind: 'pull_request',
  number: 1,
  title: 'Say hello',
  authorName: 'Ada',
  mergedAt: '2026-01-01T00:00:00Z',
  mergeSha: 'a'.repeat(40),
  class: 'ai',
  aiShare: 1,
  attributionLevel: 2,
  agents: ['claude-code'],
  models: ['claude-opus-4-6'],
  riskScore: 50,
  riskBand: 'medium',
  files: 1,
  additions: 2,
  deletions: 3,
  gaps: 0,
  contradictions: 0,
  capture: 'backfilled',
  evidenceSeq: 0,
};

const byClass = { human: 0, ai: 1, mixed: 0, unknown: 0 };

export function fakeChanges(items: readonly ChangeListItem[]): ChangeReader {
  const total = items.length;
  return {
    list: async () => ({ items: [...items], total, offset: 0, next: null, previous: null }),
    facets: async () => ({ total, repo: [], class: [], band: [], kind: [], agent: [], model: [], level: [] }),
    timeline: async (_, by) => ({ by, buckets: [] }),
    distribution: async () => ({ buckets: [] }),
    export: async function* () {
      yield items;
    },
    find: async (repoId, changeId) => items.find((one) => one.repoId === repoId && one.changeId === changeId),
    records: async () => [{ evidenceSeq: 0, factSeq: 0, reason: 'merged', statementDigest: zeros(32) }],
    neighbours: async () => ({ older: null, newer: null }),
    pullRequests: async () => ({ items: [], total: 0, offset: 0, next: null, previous: null }),
    findPullRequest: async () => undefined,
    overview: async () => ({
      pullRequests: { total: 0, open: 0, mergedViolated: 0, mergedUndecided: 0 },
      changes: {
        total,
        oldest: null,
        newest: null,
        byClass,
        byBand: { low: 0, medium: 1, high: 0, critical: 0 },
        byLevel: [{ level: 2, changes: 1 }],
        withSession: 0,
        withModel: 1,
        withGaps: 0,
        withContradictions: 0,
      },
      timeline: { by: 'week', buckets: [] },
      distribution: { buckets: [] },
      agents: [],
      riskiest: items,
    }),
  };
}

const job: Job = {
  id: 'job',
  kind: 'import',
  state: 'waiting',
  subject: 'local/shop',
  requestedBy: 'somebody',
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  finishedAt: null,
  progress: null,
  outcome: null,
  error: null,
};

function fakeWork(): WorkBoard {
  const known = (repoId: string) => {
    if (repoId !== 'local/shop') throw new AppError('NOT_FOUND', { what: `repository ${repoId}` });
  };
  return {
    repositories: async () => [],
    jobs: async () => [job],
    verifications: async () => [],
    addRepository: async (_, requestedBy) => ({ ...job, requestedBy }),
    startImport: async (repoId, requestedBy) => {
      known(repoId);
      return { ...job, requestedBy };
    },
    startVerification: async (requestedBy) => ({ ...job, kind: 'verification', requestedBy }),
    setFollowing: async (repoId) => known(repoId),
  };
}

function fakeReports(): ReportReceiver {
  return {
    receive: async ({ name }) => ({
      index: 0,
      digest: '0'.repeat(64),
      duplicate: false,
      name: name ?? 'junit',
      conclusion: 'success',
      summary: emptySummary('junit', null),
    }),
  };
}

const commitment = zeros(32);
const entry: SealedEntry = {
  seq: 0,
  entry: encodeEntry({ kind: 2, timeMs: 0, id: zeros(16), commitment }),
  salt: zeros(32),
  payload: Buffer.from('{"payload":"e30=","payloadType":"text/plain","signatures":[{"sig":"AA=="}]}'),
};

function fakeLog(name: string): PublishedLog {
  const checkpoint = `${name}\n1\n${Buffer.alloc(32).toString('base64')}\n\n— ${name} AAAAAA==\n`;
  return {
    origin: name,
    vkey: `${name}+00000000+AA==`,
    publicKey: zeros(32),
    checkpoint: async () => checkpoint,
    publishedAt: async () => new Date(0),
    tlogProof: async (index) =>
      index === 0 ? formatTlogProof({ index: 0n, proof: [], checkpoint }) : undefined,
  };
}

function zeros(size: number): Uint8Array {
  return new Uint8Array(size);
}
