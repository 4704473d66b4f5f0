import { Link } from '@tanstack/react-router';
import type { PullRequestItem } from '../../../src/contract/pull-requests.ts';
import styles from '../changes/changes.module.css';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { Num } from '../kit/num.tsx';
import { BandBadge, ClassBadge, StateSign, VerdictSign } from '../kit/signs.tsx';
import { Time } from '../kit/time.tsx';

export function PullRequestsTable({ items }: { readonly items: readonly PullRequestItem[] }) {
  return (
    <DataTable
      caption="Pull requests with their verdict"
      columns={columns}
      rows={items}
      rowKey={({ repoId, number }) => `${repoId} ${number}`}
    />
  );
}

const columns: readonly Column<PullRequestItem>[] = [
  { id: 'what', header: 'Pull request', width: '30%', rowHeader: true, cell: (item) => <What item={item} /> },
  {
    id: 'verdict',
    header: 'Verdict',
    width: '8.5rem',
    cell: ({ verdict, pending }) => <VerdictSign verdict={verdict} pending={pending} />,
  },
  {
    id: 'because',
    header: 'What is missing first',
    cell: ({ because }) => <HostileText text={because} limit={240} />,
  },
  { id: 'class', header: 'Made by', width: '6.5rem', cell: (item) => <ClassBadge value={item.class} /> },
  {
    id: 'risk',
    header: 'Risk',
    width: '7rem',
    cell: ({ riskBand, riskScore }) => <BandBadge band={riskBand} score={riskScore} />,
  },
  {
    id: 'approvals',
    header: 'Approvals',
    width: '5.5rem',
    align: 'end',
    cell: ({ approvals }) => (
      <>
        <Num value={approvals} />
        <span className={styles.unit}> {approvals === 1 ? 'approval' : 'approvals'}</span>
      </>
    ),
  },
  {
    id: 'assessed',
    header: 'Judged',
    width: '7rem',
    align: 'end',
    cell: ({ assessedAt }) => (
      <>
        <span className={styles.unit}>judged </span>
        <Time at={assessedAt} />
      </>
    ),
  },
];

function What({ item }: { readonly item: PullRequestItem }) {
  const { repoId, changeId, number, title, authorLogin, state, draft } = item;
  return (
    <div className={styles.what}>
      <Link to="/change" search={{ repo: repoId, id: changeId }} data-row-link>
        #{number} <HostileText text={title} limit={140} expandable={false} />
      </Link>
      <div className={styles.under}>
        <StateSign state={state} draft={draft} plain />
        <HostileText text={repoId} limit={60} />
        {authorLogin === null ? (
          <span>a deleted account</span>
        ) : (
          <HostileText text={authorLogin} limit={60} />
        )}
      </div>
    </div>
  );
}
