import { hash } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import { hostObserved } from '../core/evidence/fact.ts';
import type { HostKind, HostRepository, ObservedGateOutcome } from '../core/host/observation.ts';
import type { Archive } from './ports.ts';
import { recordFacts } from './record-facts.ts';
import type { GivenReport, ReadReport, ReportReader, ReportReceipt, ReportReceiver } from './report-ports.ts';

export interface ReceiveReports extends Pick<Archive, 'ledger' | 'surroundings'> {
  readonly projections: Pick<Archive['projections'], 'hostRepositories'>;
  readonly reports: ReportReader;
  /** What was stored just now; is not waited for. */
  readonly onStored?: (observations: readonly ObservedGateOutcome[]) => void;
}

/** Who may report: a policy names it to bind a gate to reports that came in with a key of this installation. */
const reportingApp = 'reentry-report';

/**
 * Takes reports from CI: reads each, seals what it says as a gate outcome in the events log, then answers. The same file for the
 * same commit, gate, part, attempt, pull request and sender adds nothing; of another sender it does, so that nobody can take the
 * place of whoever is trusted by being first.
 */
export class ReportIntake implements ReportReceiver {
  readonly #parts: ReceiveReports;

  constructor(parts: ReceiveReports) {
    this.#parts = parts;
  }

  async receive(given: GivenReport): Promise<ReportReceipt> {
    const { reports, surroundings } = this.#parts;
    const read = await reports.read(given.file);
    const name = given.name ?? read.name;
    if (name === null) {
      const tools = read.summary.tools.map((tool) => tool.name).join(', ');
      throw new AppError('INPUT_INVALID', {
        detail: `several tools share the report (${tools}): give \`name\``,
      });
    }
    const digest = hash('sha256', given.file, 'hex');
    const at = surroundings.now().toISOString();
    const known = await this.#knownAt(given.repo);
    const observed = gateOutcome({ given, read, name, digest, at, known });
    const { entries } = await recordFacts(this.#parts, [
      hostObserved(observed, { at, capture: 'live', index: 0 }),
    ]);
    const [entry] = entries;
    if (entry === undefined)
      throw new AppError('INTERNAL', { detail: 'the log took a report and gave no place' });
    if (!entry.duplicate) this.#parts.onStored?.([observed]);
    return { ...read, name, digest, index: entry.seq, duplicate: entry.duplicate };
  }

  /** As its host tells it, so that the outcome meets the pull requests there. */
  async #knownAt(repo: string): Promise<Known> {
    const rows = await this.#parts.projections.hostRepositories();
    const row = rows.findLast(({ repoId, host }) => repoId === repo && host !== 'ci');
    if (row === undefined) {
      const name = repo.slice(repo.lastIndexOf('/') + 1);
      return {
        host: 'ci',
        repository: { hostId: `repo:${repo}`, ref: { id: repo, name }, defaultBranch: null },
      };
    }
    const { host, hostId, name, url, defaultBranch } = row;
    const ref = { id: repo, name, ...(url === null ? {} : { url }) };
    return { host, repository: { hostId, ref, defaultBranch } };
  }
}

interface Known {
  readonly host: HostKind;
  readonly repository: HostRepository;
}

interface Outcome {
  readonly given: GivenReport;
  readonly read: ReadReport;
  readonly name: string;
  readonly digest: string;
  readonly at: string;
  readonly known: Known;
}

/** Its time is when we received it: whatever a file says of its own time, somebody could have written into it. */
function gateOutcome({ given, read, name, digest, at, known }: Outcome): ObservedGateOutcome {
  const { sha, part, attempt, pullRequest, url, by, file } = given;
  const about = hash('sha256', JSON.stringify([sha, name, part, attempt, pullRequest, by]), 'hex').slice(
    0,
    32,
  );
  return {
    schema: 'reentry.gate-outcome/1',
    ...known,
    owner: null,
    origin: {
      via: 'report',
      event: read.summary.format,
      deliveryId: about,
      digest,
      bytes: file.length,
    },
    occurredAt: at,
    occurredAtFrom: 'receipt',
    actor: null,
    kind: 'report',
    // With the file: two shards that send `junit.xml` are two outcomes, and the one that failed is not lost.
    hostId: `${about}/${digest.slice(0, 16)}`,
    attempt,
    name,
    headSha: sha,
    conclusion: read.conclusion,
    source: { app: reportingApp, appId: by },
    startedAt: null,
    completedAt: at,
    url,
    pullRequests: pullRequest === null ? [] : [pullRequest],
    report: { part, summary: read.summary },
  };
}
