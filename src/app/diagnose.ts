import { AppError } from '../core/errors.ts';
import type { Outcome } from '../core/gate/outcome.ts';
import { count } from '../core/sentence-parts.ts';
import type { LedgerStore, LogName, LogPublisher, ProjectionStore } from './ports.ts';

/** One thing that `reentry doctor` looked at. */
export interface Diagnosis {
  readonly check: string;
  readonly result: Outcome;
  /** What was seen. */
  readonly found: string;
  /** What to do about it; only where something is to be done. */
  readonly action?: string;
}

export interface DatabaseFacts {
  readonly kind: 'embedded' | 'external';
  readonly version: string;
  /** PostgreSQL's own words: `on` or another value. */
  readonly fsync: string;
  readonly fullPageWrites: string;
  readonly synchronousCommit: string;
  readonly serverRole: { readonly name: string; readonly canChangeLedger: boolean };
  readonly databaseBytes: number;
}

/** An archive opened part by part, so that one broken part does not hide the others. */
export interface ArchiveParts {
  readonly ledger: LedgerStore;
  readonly projections: ProjectionStore;
  describe(): Promise<DatabaseFacts>;
  /** Passes the start-up guard or throws what it says. */
  openLog(log: LogName): Promise<LogPublisher>;
  close(): Promise<void>;
}

/** The machine and the data folder, as main.ts sees them. */
export interface DiagnosisSources {
  readonly nodeVersion: string;
  readonly platform: string;
  /** `2.39.5`; undefined where there is no git. */
  gitVersion(): Promise<string | undefined>;
  readonly dataFolder: string;
  readonly dataFolderExists: boolean;
  /** Bytes that this user may still write there. */
  freeBytes(): Promise<number>;
  /** Private key files that others may read. */
  exposedKeys(): Promise<readonly string[]>;
  openParts(): Promise<ArchiveParts>;
}

const oldestGit = '2.30';
const oldestNode = 24;
const littleSpaceBytes = 1024 ** 3;

/** Looks at the machine first, then at the data folder; yields each result as it is known. */
export async function* diagnose(sources: DiagnosisSources): AsyncGenerator<Diagnosis, undefined> {
  yield nodeCheck(sources);
  yield gitCheck(await sources.gitVersion());
  yield await spaceCheck(sources);
  if (!sources.dataFolderExists) {
    const action = 'Nothing to mend: `npm start -- <repository>` creates it.';
    yield { check: 'data folder', result: 'not_applicable', found: `none at ${sources.dataFolder}`, action };
    return undefined;
  }
  yield await keyCheck(sources);
  yield* archiveChecks(sources);
  return undefined;
}

function nodeCheck({ nodeVersion, platform }: DiagnosisSources): Diagnosis {
  const found = `${nodeVersion} on ${platform}`;
  if (Number(nodeVersion.split('.')[0]) >= oldestNode) return { check: 'Node', result: 'satisfied', found };
  return { check: 'Node', result: 'violated', found, action: `Install Node ${oldestNode} LTS.` };
}

function gitCheck(version: string | undefined): Diagnosis {
  if (version === undefined) {
    return {
      check: 'git',
      result: 'violated',
      found: 'not found',
      action: new AppError('GIT_NOT_FOUND').action,
    };
  }
  const enough = compareVersions(version, oldestGit) >= 0;
  if (enough) return { check: 'git', result: 'satisfied', found: version };
  return { check: 'git', result: 'violated', found: version, action: `Install git ${oldestGit} or newer.` };
}

async function spaceCheck(sources: DiagnosisSources): Promise<Diagnosis> {
  const free = await sources.freeBytes();
  const found = `${megabytes(free)} free under ${sources.dataFolder}`;
  if (free >= littleSpaceBytes) return { check: 'disk', result: 'satisfied', found };
  return { check: 'disk', result: 'violated', found, action: 'Free some space: less than 1 GB is left.' };
}

async function keyCheck(sources: DiagnosisSources): Promise<Diagnosis> {
  const exposed = await sources.exposedKeys();
  if (exposed.length === 0)
    return { check: 'signing keys', result: 'satisfied', found: 'readable by their owner only' };
  const action = `Run chmod 600 on them, and consider them known: ${exposed.join(', ')}.`;
  return { check: 'signing keys', result: 'violated', found: 'others may read them', action };
}

async function* archiveChecks(sources: DiagnosisSources): AsyncGenerator<Diagnosis, undefined> {
  const parts = await sources.openParts().catch((error: unknown) => failed('database', error));
  if ('check' in parts) {
    yield parts;
    return undefined;
  }
  try {
    const facts = await parts.describe();
    yield databaseCheck(facts);
    yield durabilityCheck(facts);
    yield roleCheck(facts);
    for (const log of ['events', 'evidence'] as const) yield await logCheck(parts, log);
    yield await projectionCheck(parts);
  } finally {
    await parts.close();
  }
  return undefined;
}

function databaseCheck({ kind, version, databaseBytes }: DatabaseFacts): Diagnosis {
  return {
    check: 'database',
    result: 'satisfied',
    found: `${kind} PostgreSQL ${version}, ${megabytes(databaseBytes)}`,
  };
}

function durabilityCheck({ fsync, fullPageWrites, synchronousCommit }: DatabaseFacts): Diagnosis {
  const found = `fsync ${fsync}, full_page_writes ${fullPageWrites}, synchronous_commit ${synchronousCommit}`;
  const durable = fsync === 'on' && fullPageWrites === 'on' && synchronousCommit !== 'off';
  if (durable) return { check: 'durability', result: 'satisfied', found };
  const action = 'Turn them on in the server: a crash may now lose what was acknowledged.';
  return { check: 'durability', result: 'violated', found, action };
}

function roleCheck({ serverRole: { name, canChangeLedger } }: DatabaseFacts): Diagnosis {
  const check = 'ledger privileges';
  if (!canChangeLedger) {
    return {
      check,
      result: 'satisfied',
      found: `role ${name} has no UPDATE, DELETE or TRUNCATE on the ledger`,
    };
  }
  const action = 'Give the user of DATABASE_URL the right to create roles (CREATEROLE) and start again.';
  return { check, result: 'violated', found: `role ${name} may change ledger tables`, action };
}

async function logCheck(parts: ArchiveParts, log: LogName): Promise<Diagnosis> {
  const check = `${log} log`;
  try {
    const { origin } = await parts.openLog(log);
    const size = await parts.ledger.size(log);
    const published = (await parts.ledger.latestCheckpoint(log))?.size ?? 0;
    const waiting = size > published ? `, ${size - published} not published yet` : '';
    return { check, result: 'satisfied', found: `${count(size)} entries${waiting}, ${origin}` };
  } catch (error) {
    return failed(check, error);
  }
}

async function projectionCheck({ ledger, projections }: ArchiveParts): Promise<Diagnosis> {
  const behind = (await ledger.size('events')) - (await projections.cursor());
  if (behind === 0)
    return { check: 'projections', result: 'satisfied', found: 'up to date with the events log' };
  const action = 'The next import catches up; `reentry rebuild` does it now.';
  return {
    check: 'projections',
    result: 'indeterminate',
    found: `${behind} facts behind the events log`,
    action,
  };
}

/** A folder that a running process holds is no fault, but nothing more can be seen. */
function failed(check: string, error: unknown): Diagnosis {
  if (!(error instanceof AppError)) throw error;
  const result = error.code === 'DATA_FOLDER_IN_USE' ? 'indeterminate' : 'violated';
  return { check, result, found: error.message, action: error.action };
}

function megabytes(bytes: number): string {
  return `${count(Math.round(bytes / 1024 ** 2))} MB`;
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let part = 0; part < 2; part += 1) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
