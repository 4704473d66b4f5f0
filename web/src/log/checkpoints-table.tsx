import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ResponseOf } from '../../../src/contract/api.ts';
import { apiQuery } from '../api/queries.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { Id } from '../kit/id.tsx';
import { Num } from '../kit/num.tsx';
import { Section } from '../kit/page.tsx';
import { Pager } from '../kit/pager.tsx';
import { EmptyState, Loaded, LoadingRows } from '../kit/states.tsx';
import { NoteView } from './note-view.tsx';

type Checkpoint = ResponseOf<'listCheckpoints'>['items'][number];

const limit = 20;
const columns: readonly Column<Checkpoint>[] = [
  { id: 'size', header: 'Size', rowHeader: true, width: '9rem', cell: ({ size }) => <Num value={size} /> },
  {
    id: 'added',
    header: 'Entries added',
    width: '9rem',
    cell: ({ size, previousSize }) => <Num value={size - Math.max(0, previousSize)} />,
  },
  {
    id: 'root',
    header: 'Root hash',
    width: '16rem',
    cell: ({ root }) => <Id value={root} chars={20} what="root hash" />,
  },
  { id: 'note', header: 'Signed note', cell: ({ note }) => <NoteView note={note} /> },
];

/** Every checkpoint that this log ever signed, newest first. */
export function CheckpointsTable({ log }: { readonly log: 'events' | 'evidence' }) {
  // The start of each page so far: the way back needs no answer of the server.
  const [starts, setStarts] = useState<readonly (number | undefined)[]>([undefined]);
  const before = starts.at(-1);
  const checkpoints = useQuery({
    ...apiQuery('listCheckpoints', { query: { log, limit, ...(before === undefined ? {} : { before }) } }),
    placeholderData: keepPreviousData,
  });
  const next = checkpoints.data?.next ?? null;
  return (
    <Section
      title="Checkpoints"
      meta="Every one that was signed, newest first; each promises all that stood before it"
    >
      <Loaded query={checkpoints} loading={<LoadingRows rows={6} />}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No checkpoint yet">
              <p>The first one is signed with the first entry.</p>
            </EmptyState>
          ) : (
            <>
              <DataTable
                caption={`Checkpoints of the ${log} log`}
                columns={columns}
                rows={items}
                rowKey={({ size }) => String(size)}
              />
              <Pager
                shown={items.length}
                onPrevious={starts.length > 1 ? () => setStarts(starts.slice(0, -1)) : undefined}
                onNext={next === null ? undefined : () => setStarts([...starts, next])}
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}
