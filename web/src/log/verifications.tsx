import type { ResponseOf } from '../../../src/contract/api.ts';
import { useApi } from '../api/queries.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { Num } from '../kit/num.tsx';
import { Section } from '../kit/page.tsx';
import { EmptyState, Loaded, LoadingRows } from '../kit/states.tsx';
import { Time } from '../kit/time.tsx';
import { VerificationSign } from './last-verification.tsx';

type Verification = ResponseOf<'listVerifications'>['items'][number];

const columns: readonly Column<Verification>[] = [
  {
    id: 'started',
    header: 'Started',
    rowHeader: true,
    width: '10rem',
    cell: ({ startedAt }) => <Time at={startedAt} />,
  },
  { id: 'state', header: 'Result', width: '12rem', cell: ({ state }) => <VerificationSign state={state} /> },
  {
    id: 'entries',
    header: 'Entries',
    align: 'end',
    width: '8rem',
    cell: ({ logs }) => <Num value={logs.reduce((sum, { entries }) => sum + entries, 0)} />,
  },
  {
    id: 'findings',
    header: 'Findings',
    align: 'end',
    width: '8rem',
    cell: ({ logs }) => <Num value={logs.reduce((sum, { findings }) => sum + findings, 0)} />,
  },
  {
    id: 'by',
    header: 'Asked for by',
    cell: ({ requestedBy }) => <HostileText text={requestedBy} limit={80} />,
  },
];

export function Verifications() {
  const verifications = useApi('listVerifications');
  return (
    <Section title="Earlier verifications">
      <Loaded query={verifications} loading={<LoadingRows rows={3} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="None yet">
              <p>Each verification stays here with what it found.</p>
            </EmptyState>
          ) : (
            <DataTable caption="Verifications" columns={columns} rows={items} rowKey={({ id }) => id} />
          )
        }
      </Loaded>
    </Section>
  );
}
