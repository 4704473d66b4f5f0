import { IconAlertTriangle, IconPuzzle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ChangeListItem } from '../../../src/contract/changes.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { LineCounts } from '../kit/line-counts.tsx';
import { BandBadge, ClassBadge, LevelLadder, Sign } from '../kit/signs.tsx';
import { Time } from '../kit/time.tsx';
import type { ChangesSearch } from '../route-search.ts';
import styles from './changes.module.css';

export function ChangesTable({
  items,
  search,
  onSort,
}: {
  readonly items: readonly ChangeListItem[];
  readonly search: ChangesSearch;
  readonly onSort: (sort: string, order: 'asc' | 'desc') => void;
}) {
  return (
    <DataTable
      caption="Changes with their attribution, risk and size"
      columns={columns}
      rows={items}
      rowKey={({ repoId, changeId }) => `${repoId} ${changeId}`}
      exported={false}
      sorting={{ by: search.sort ?? 'merged', order: search.order ?? 'desc', onSort }}
    />
  );
}

const columns: readonly Column<ChangeListItem>[] = [
  { id: 'what', header: 'Change', width: '30%', rowHeader: true, cell: (item) => <What item={item} /> },
  { id: 'class', header: 'Made by', width: '6.5rem', cell: (item) => <ClassBadge value={item.class} /> },
  { id: 'agents', header: 'Agent, model', cell: (item) => <Agents item={item} /> },
  {
    id: 'level',
    header: 'Level',
    width: '5rem',
    cell: ({ attributionLevel }) => <LevelLadder level={attributionLevel} compact />,
  },
  {
    id: 'risk',
    header: 'Risk',
    width: '7rem',
    sort: 'risk',
    cell: ({ riskBand, riskScore }) => <BandBadge band={riskBand} score={riskScore} />,
  },
  {
    id: 'size',
    header: 'Size',
    width: '6.5rem',
    align: 'end',
    sort: 'size',
    cell: (item) => <Size item={item} />,
  },
  {
    id: 'merged',
    header: 'Merged',
    width: '7rem',
    align: 'end',
    sort: 'merged',
    cell: ({ mergedAt }) => <Time at={mergedAt} />,
  },
];

function What({ item }: { readonly item: ChangeListItem }) {
  const { repoId, changeId, number, title, authorName, kind, gaps, contradictions } = item;
  return (
    <div className={styles.what}>
      <Link to="/change" search={{ repo: repoId, id: changeId }} data-row-link>
        {number !== null && `#${number} `}
        <HostileText text={title} limit={140} expandable={false} />
      </Link>
      <div className={styles.under}>
        <HostileText text={repoId} limit={60} />
        <HostileText text={authorName} limit={60} />
        {kind === 'direct_push' && <span>direct push</span>}
        {contradictions > 0 && (
          <Sign tone="orange" icon={IconAlertTriangle} plain>
            {plural(contradictions, 'contradiction')}
          </Sign>
        )}
        {gaps > 0 && (
          <Sign tone="amber" icon={IconPuzzle} plain>
            {plural(gaps, 'gap')}
          </Sign>
        )}
      </div>
    </div>
  );
}

const shownNames = 2;

function Agents({ item: { agents, models } }: { readonly item: ChangeListItem }) {
  if (agents.length === 0) return <span className="dimmed">none named</span>;
  return (
    <span className={styles.agents}>
      <Names names={agents} />
      {models.length > 0 && (
        <span className="dimmed">
          <Names names={models} />
        </span>
      )}
    </span>
  );
}

function Names({ names }: { readonly names: readonly string[] }) {
  return (
    <span title={names.length > shownNames ? names.join('\n').slice(0, 2_000) : undefined}>
      <HostileText text={names.slice(0, shownNames).join(', ')} limit={50} expandable={false} />
      {names.length > shownNames && ` +${names.length - shownNames}`}
    </span>
  );
}

function Size({ item: { additions, deletions, files } }: { readonly item: ChangeListItem }) {
  return (
    <span className={styles.size} title={plural(files, 'file')}>
      <LineCounts additions={additions} deletions={deletions} />
    </span>
  );
}
