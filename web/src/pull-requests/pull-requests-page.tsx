import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { QueryOf } from '../../../src/contract/api.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { apiQuery } from '../api/queries.ts';
import styles from '../changes/changes.module.css';
import { ChangesTabs } from '../changes/changes-tabs.tsx';
import { PageHeader } from '../kit/page.tsx';
import { Pager } from '../kit/pager.tsx';
import { EmptyState, Loaded, LoadingRows } from '../kit/states.tsx';
import type { PullRequestsSearch } from '../route-search.ts';
import { PullRequestFilters } from './pull-request-filters.tsx';
import { PullRequestsTable } from './pull-requests-table.tsx';

const route = getRouteApi('/inside/changes/pull-requests');

/** A verdict changes as reviews and checks come in at the code host. */
const refreshMs = 30_000;

export function PullRequestsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useQuery({
    ...apiQuery('listPullRequests', { query: queryOf(search) }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const isFiltered = hasFilters(search);
  function go(next: PullRequestsSearch) {
    void navigate({ search: next, resetScroll: false });
  }
  return (
    <>
      <PageHeader
        title="Pull requests"
        meta={
          list.data
            ? `${plural(list.data.total, 'pull request')}${isFiltered ? ' with these filters' : ''}, judged last first`
            : 'Loading…'
        }
      />
      <ChangesTabs />
      <PullRequestFilters search={search} shown={list.data?.items ?? []} onSearch={go} />
      <Loaded query={list} loading={<LoadingRows rows={12} height={72} />}>
        {({ items, total, offset, next, previous }) =>
          items.length === 0 ? (
            <NoRows isFiltered={isFiltered} />
          ) : (
            <div className={styles.table} data-stale={list.isPlaceholderData || undefined}>
              <PullRequestsTable items={items} />
              <Pager
                offset={offset}
                shown={items.length}
                total={total}
                {...(previous === null ? {} : { onPrevious: () => go({ ...search, cursor: previous }) })}
                {...(next === null ? {} : { onNext: () => go({ ...search, cursor: next }) })}
              />
            </div>
          )
        }
      </Loaded>
    </>
  );
}

function NoRows({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        title="No pull request matches"
        action={<Link to="/changes/pull-requests">Take all filters away</Link>}
      >
        <p>No pull request has all of what the filters ask for.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No pull request is here yet" action={<Link to="/settings">What is connected</Link>}>
      <p>
        Every pull request that a code host tells of appears here as it is opened: who or what made it, its
        risk, and what the policy of its branch still misses.
      </p>
      <p>
        Git alone tells of pull requests only once they are merged. To connect GitHub set{' '}
        <code>GITHUB_WEBHOOK_SECRET</code> and send its webhooks to{' '}
        <code>{window.location.origin}/webhooks/github</code>; docs/github.md says it step by step.
      </p>
    </EmptyState>
  );
}

function hasFilters({ repo, state, verdict }: PullRequestsSearch): boolean {
  return repo !== undefined || state !== undefined || verdict !== undefined;
}

function queryOf({ repo, state, verdict, cursor }: PullRequestsSearch): QueryOf<'listPullRequests'> {
  return {
    ...(repo === undefined ? {} : { repo: [...repo] }),
    ...(state === undefined ? {} : { state: [...state] }),
    ...(verdict === undefined ? {} : { verdict: [...verdict] }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}
