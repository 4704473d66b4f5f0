import { useHotkeys } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { plural } from '../../../src/core/sentence-parts.ts';
import { fileHref } from '../api/call.ts';
import { apiQuery, useCan } from '../api/queries.ts';
import { CsvButton } from '../kit/links.tsx';
import { PageHeader } from '../kit/page.tsx';
import { Pager } from '../kit/pager.tsx';
import { EmptyState, Loaded, LoadingRows } from '../kit/states.tsx';
import type { ChangesSearch } from '../route-search.ts';
import { activeFilters, filterQuery, listQuery, orderedQuery, withSearch } from './change-search.ts';
import styles from './changes.module.css';
import { ChangesTable } from './changes-table.tsx';
import { ChangesTabs } from './changes-tabs.tsx';
import { ChangesTimeline } from './changes-timeline.tsx';
import { Filters } from './filters.tsx';

const route = getRouteApi('/inside/changes');

export function ChangesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const canExport = useCan('export:change');
  const list = useQuery({
    ...apiQuery('listChanges', { query: listQuery(search) }),
    placeholderData: keepPreviousData,
  });
  const facets = useQuery({
    ...apiQuery('getFacets', { query: filterQuery(search) }),
    placeholderData: keepPreviousData,
  });
  const table = useRef<HTMLDivElement>(null);
  const searchBox = useRef<HTMLInputElement>(null);
  useHotkeys([
    ['j', () => table.current?.querySelector<HTMLElement>('[data-row-link]')?.focus()],
    ['/', () => searchBox.current?.focus()],
  ]);

  /** Typing replaces the address, so that "back" leads to where somebody came from and not through every letter. */
  function go(next: ChangesSearch, { replace = false } = {}) {
    void navigate({ search: next, replace, resetScroll: false });
  }

  return (
    <>
      <PageHeader
        title="Changes"
        meta={
          list.data
            ? `${plural(list.data.total, 'change')}${activeFilters(search).length > 0 ? ' with these filters' : ''}`
            : 'Loading…'
        }
        actions={canExport && <CsvButton href={fileHref('exportChanges', orderedQuery(search))} />}
      />
      <ChangesTabs />
      <Filters search={search} facets={facets.data} onSearch={go} searchBox={searchBox} />
      <ChangesTimeline search={search} />
      <Loaded query={list} loading={<LoadingRows rows={12} height={54} />}>
        {({ items, total, offset, next, previous }) =>
          items.length === 0 ? (
            <NoRows search={search} />
          ) : (
            <div ref={table} className={styles.table} data-stale={list.isPlaceholderData || undefined}>
              <ChangesTable
                items={items}
                search={search}
                onSort={(sort, order) => go(withSearch(search, { sort, order }))}
              />
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

function NoRows({ search }: { readonly search: ChangesSearch }) {
  if (activeFilters(search).length > 0) {
    return (
      <EmptyState title="No change matches" action={<Link to="/changes">Take all filters away</Link>}>
        <p>No change has all of what the filters ask for. Take one away above, or search for fewer words.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No change is here yet" action={<Link to="/repositories">Add a repository</Link>}>
      <p>
        Every pull request and every direct push of an imported repository appears here, with who or what made
        it and its risk.
      </p>
    </EmptyState>
  );
}
