import type { Overview } from '../contract/overview.ts';
import { assessReadiness } from './assess-readiness.ts';
import { describeLogs, type LogSources } from './describe-logs.ts';
import { findAttention } from './find-attention.ts';
import type { OverviewFacts } from './overview-facts.ts';
import { shownStatement } from './read-payload.ts';
import type { ChangeReader, EntryReader, WorkBoard } from './serving-ports.ts';

export interface OverviewSources extends LogSources {
  readonly changes: Pick<ChangeReader, 'overview'>;
  readonly entries: Pick<EntryReader, 'sealed'>;
  readonly work: WorkBoard;
}

/** Everything that the first page shows, in one answer. */
export async function buildOverview(sources: OverviewSources): Promise<Overview> {
  const [counts, logs, repositories, jobs] = await Promise.all([
    sources.changes.overview(),
    describeLogs(sources),
    sources.work.repositories(),
    sources.work.jobs(),
  ]);
  const { changes, pullRequests, timeline, distribution, agents } = counts;
  const facts: OverviewFacts = { changes, pullRequests, logs, repositories };
  return {
    readiness: assessReadiness(facts),
    attention: findAttention(facts),
    changes,
    pullRequests,
    timeline,
    distribution,
    agents,
    riskiest: await Promise.all(counts.riskiest.map((item) => describeRiskiest(sources, item))),
    repositories: repositories.map((repository) => ({
      repoId: repository.repoId,
      name: repository.name,
      changes: repository.changes,
      importedAt: repository.importedAt,
    })),
    logs,
    jobs: [...jobs],
  };
}

async function describeRiskiest(
  { entries }: Pick<OverviewSources, 'entries'>,
  item: Awaited<ReturnType<ChangeReader['overview']>>['riskiest'][number],
): Promise<Overview['riskiest'][number]> {
  const statement = shownStatement(await entries.sealed('evidence', item.evidenceSeq));
  // Largest absolute contribution first: the first one that raises the score raises it most.
  const raising = statement?.predicate.risk?.factors?.find(({ contribution }) => contribution > 0);
  const { repoId, changeId, number, title, mergedAt, agents, riskScore, riskBand } = item;
  return {
    repoId,
    changeId,
    number,
    title,
    mergedAt,
    class: item.class,
    agents,
    riskScore,
    riskBand,
    because: raising?.because ?? null,
  };
}
