import type { ResponseOf } from '../../../src/contract/api.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { Num } from '../kit/num.tsx';

type Finding = ResponseOf<'listVerifications'>['items'][number]['findings'][number];

const columns: readonly Column<Finding>[] = [
  {
    id: 'code',
    header: 'Finding',
    rowHeader: true,
    width: '16rem',
    cell: ({ code }) => <HostileText text={code} mono />,
  },
  { id: 'log', header: 'Log', width: '6rem', cell: ({ log }) => log },
  {
    id: 'where',
    header: 'Where',
    width: '14rem',
    cell: ({ index, tile }) => (
      <>
        {index !== null && (
          <>
            entry <Num value={index} />{' '}
          </>
        )}
        {tile !== null && <HostileText text={tile} mono limit={80} />}
        {index === null && tile === null && <span className="dimmed">the log as a whole</span>}
      </>
    ),
  },
  { id: 'detail', header: 'What', cell: ({ detail }) => <HostileText text={detail} limit={300} /> },
];

/** Each contradiction between the entries, the tiles, the checkpoints and the database; at most a hundred. */
export function FindingsTable({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <DataTable
      caption="What the verification found"
      columns={columns}
      rows={findings}
      rowKey={({ code, log, index, tile, detail }) => [code, log, index, tile, detail].join(' ')}
    />
  );
}
