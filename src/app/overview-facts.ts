import type { Logs } from '../contract/evidence.ts';
import type { Overview } from '../contract/overview.ts';
import type { RepositoryState } from '../contract/work.ts';

/** What the judgements of the Overview rest on. */
export interface OverviewFacts {
  readonly changes: Overview['changes'];
  readonly pullRequests: Overview['pullRequests'];
  readonly logs: Logs;
  readonly repositories: readonly RepositoryState[];
}
