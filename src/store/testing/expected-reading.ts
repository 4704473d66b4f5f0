import type { ParsedQuery } from '../../contract/api.ts';
import type { ChangeFilter, Facets } from '../../contract/changes.ts';
import type { ChangeRows } from './change-rows.ts';
import { agentsOf, isSelected, levelOf, modelsOf } from './filter-changes.ts';

/** What lists and charts show, made from all rows in memory. */
const keys = {
  merged: ({ row }: ChangeRows) => row.mergedAt,
  risk: ({ row }: ChangeRows) => row.riskScore,
  size: ({ row }: ChangeRows) => row.additions + row.deletions,
};

export function inOrder(
  changes: readonly ChangeRows[],
  { sort, order }: Pick<ParsedQuery<'listChanges'>, 'sort' | 'order'>,
): readonly ChangeRows[] {
  const compare = (a: ChangeRows, b: ChangeRows) => {
    const [left, right] = [keys[sort](a), keys[sort](b)];
    if (left !== right) return left < right ? -1 : 1;
    return a.row.ordinal - b.row.ordinal;
  };
  return changes.toSorted((a, b) => (order === 'asc' ? compare(a, b) : compare(b, a)));
}

export function counted(values: readonly string[]): Facets['class'] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, changes]) => ({ value, changes }))
    .toSorted((a, b) => b.changes - a.changes || Buffer.compare(Buffer.from(a.value), Buffer.from(b.value)));
}

export function byClass(changes: readonly ChangeRows[]) {
  const of = (name: string) => changes.filter(({ row }) => row.class === name).length;
  return { human: of('human'), ai: of('ai'), mixed: of('mixed'), unknown: of('unknown') };
}

const facetValues: Readonly<
  Record<Exclude<keyof Facets, 'total'>, (change: ChangeRows) => readonly string[]>
> = {
  repo: ({ row }) => [row.repoId],
  class: ({ row }) => [row.class],
  band: ({ row }) => [row.riskBand],
  kind: ({ row }) => [row.kind],
  agent: ({ claims }) => agentsOf(claims),
  model: ({ claims }) => modelsOf(claims),
  level: ({ row }) => [levelOf(row)],
};

export function facetsOf(changes: readonly ChangeRows[], filter: ChangeFilter): Facets {
  const of = (name: keyof typeof facetValues) =>
    counted(changes.filter((one) => isSelected(one, filter, name)).flatMap(facetValues[name]));
  return {
    total: changes.filter((one) => isSelected(one, filter)).length,
    repo: of('repo'),
    class: of('class'),
    band: of('band'),
    kind: of('kind'),
    agent: of('agent'),
    model: of('model'),
    level: of('level'),
  };
}

const starts = {
  day: (day: string) => day,
  week: (day: string) => {
    const date = new Date(`${day}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
    return date.toISOString().slice(0, 10);
  },
  month: (day: string) => `${day.slice(0, 7)}-01`,
};

export function timelineOf(changes: readonly ChangeRows[], by: keyof typeof starts) {
  const start = ({ row }: ChangeRows) => starts[by](row.mergedAt.slice(0, 10));
  const buckets = [...Map.groupBy(changes, start)].map(([day, some]) => ({ start: day, ...byClass(some) }));
  return { by, buckets: buckets.toSorted((a, b) => (a.start < b.start ? -1 : 1)) };
}

export function distributionOf(changes: readonly ChangeRows[]) {
  const bucket = ({ row }: ChangeRows) => Math.min(19, Math.floor(row.riskScore / 5));
  const buckets = Array.from({ length: 20 }, (_, index) => ({
    from: index * 5,
    to: index * 5 + 5,
    ...byClass(changes.filter((one) => bucket(one) === index)),
  }));
  return { buckets };
}
