import type { ChangeStatement } from '../core/evidence/change-evidence.ts';
import type { Archive, ChangeCounts, ChangeRow, RepositoryRow, StoredCheckpoint } from './ports.ts';
import { readStatement } from './sealed-statements.ts';

export interface RepositorySummary {
  readonly repository: RepositoryRow;
  readonly counts: ChangeCounts;
  /** Most risky first, each with its sealed statement. */
  readonly riskiest: readonly { readonly row: ChangeRow; readonly statement: ChangeStatement }[];
  readonly checkpoints: Readonly<Record<'events' | 'evidence', StoredCheckpoint | undefined>>;
}

/** What a newcomer wants to know of an imported repository; undefined where none of that id was imported. */
export async function summariseRepository(
  archive: Archive,
  repoId: string,
  limit: number,
): Promise<RepositorySummary | undefined> {
  const repository = await archive.projections.repository(repoId);
  if (!repository) return undefined;
  const counts = await archive.projections.counts(repoId);
  const rows = await archive.projections.riskiest(repoId, limit);
  const riskiest = [];
  for (const row of rows) riskiest.push({ row, statement: await statementAt(archive, row.evidenceSeq) });
  return {
    repository,
    counts,
    riskiest,
    checkpoints: {
      events: await archive.ledger.latestCheckpoint('events'),
      evidence: await archive.ledger.latestCheckpoint('evidence'),
    },
  };
}

async function statementAt(archive: Archive, evidenceSeq: number): Promise<ChangeStatement> {
  for await (const page of archive.ledger.readSealed('evidence', evidenceSeq, evidenceSeq + 1)) {
    const payload = page[0]?.payload;
    if (payload) return readStatement(evidenceSeq, payload).statement;
  }
  throw new Error(`evidence record ${evidenceSeq} has no payload`);
}
