import type { PullRequestItem } from '../../../src/contract/pull-requests.ts';
import { useRepositories } from '../api/work.ts';
import styles from '../changes/changes.module.css';
import { FilterSelect } from '../kit/filter-select.tsx';
import { StateSign, VerdictSign } from '../kit/signs.tsx';
import { type PullRequestsSearch, readPullRequestsSearch } from '../route-search.ts';

export function PullRequestFilters({
  search,
  shown,
  onSearch,
}: {
  readonly search: PullRequestsSearch;
  readonly shown: readonly PullRequestItem[];
  readonly onSearch: (search: PullRequestsSearch) => void;
}) {
  const repositories = useRepositories();
  // A repository that only the code host told of was never imported, and stands in no list of repositories.
  const repoIds = new Set([
    ...(repositories.data?.items ?? []).map(({ repoId }) => repoId),
    ...shown.map(({ repoId }) => repoId),
  ]);
  const change = (filter: keyof PullRequestsSearch) => (chosen: readonly string[]) =>
    onSearch(readPullRequestsSearch({ ...search, cursor: undefined, [filter]: chosen }));
  return (
    <search className={`${styles.tools} no-print`}>
      <div className={styles.row}>
        <FilterSelect
          label="Verdict"
          options={verdicts}
          chosen={search.verdict ?? []}
          onChange={change('verdict')}
        />
        <FilterSelect label="State" options={states} chosen={search.state ?? []} onChange={change('state')} />
        <FilterSelect
          label="Repository"
          options={[...repoIds].toSorted().map((value) => ({ value }))}
          chosen={search.repo ?? []}
          onChange={change('repo')}
        />
      </div>
    </search>
  );
}

const states = (['open', 'closed', 'merged'] as const).map((value) => ({
  value,
  words: value === 'closed' ? 'closed without merge' : value,
  label: <StateSign state={value} draft={false} plain />,
}));

const verdicts = [
  ...(['violated', 'indeterminate'] as const).map((value) => ({
    value,
    label: <VerdictSign verdict={value} pending={false} plain />,
  })),
  { value: 'pending', label: <VerdictSign verdict="indeterminate" pending plain /> },
  { value: 'satisfied', label: <VerdictSign verdict="satisfied" pending={false} plain /> },
];
