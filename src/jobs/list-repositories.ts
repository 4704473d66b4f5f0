import type { ProjectionStore, RepositoryRow } from '../app/ports.ts';
import type { RepositoryClassCount, RepositorySource, WorkStore } from '../app/work-ports.ts';
import type { Job, RepositoryState } from '../contract/work.ts';
import { storedText } from '../core/evidence/stored-text.ts';

/** Every repository that there is evidence of or that is read here, by id. */
export async function listRepositories(
  projections: ProjectionStore,
  work: WorkStore,
): Promise<readonly RepositoryState[]> {
  const [rows, sources, imports, counts] = await Promise.all([
    projections.repositories(),
    work.sources(),
    work.newestJobs('import'),
    work.changesByClass(),
  ]);
  const rowOf = new Map(rows.map((row) => [storedText(row.repoId), row]));
  const sourceOf = new Map(sources.map((source) => [source.repoId, source]));
  const jobOf = new Map(imports.map((job) => [job.subject, job]));
  const countsOf = Map.groupBy(counts, ({ repoId }) => repoId);
  const ids = [...new Set([...rowOf.keys(), ...sourceOf.keys()])].toSorted();
  return ids.map((repoId) =>
    stateOf({
      repoId,
      row: rowOf.get(repoId),
      counts: countsOf.get(repoId) ?? [],
      source: sourceOf.get(repoId),
      job: jobOf.get(repoId),
    }),
  );
}

interface Parts {
  readonly repoId: string;
  readonly row: RepositoryRow | undefined;
  readonly counts: readonly RepositoryClassCount[];
  readonly source: RepositorySource | undefined;
  readonly job: Job | undefined;
}

function stateOf({ repoId, row, counts, source, job }: Parts): RepositoryState {
  const of = (name: string) => counts.find((count) => count.class === name)?.changes ?? 0;
  return {
    repoId,
    name: row?.name ?? source?.name ?? repoId,
    url: row?.url ?? null,
    path: source?.path ?? null,
    targetBranch: row?.targetBranch ?? null,
    headSha: row?.headSha ?? null,
    changes: counts.reduce((sum, { changes }) => sum + changes, 0),
    byClass: { human: of('human'), ai: of('ai'), mixed: of('mixed'), unknown: of('unknown') },
    importedAt: row?.importedAt ?? null,
    following: source?.following ?? false,
    lastLookedAt: source?.lookedAt ?? null,
    problem: source?.problem ?? null,
    job: job ?? null,
  };
}
