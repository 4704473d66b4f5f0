import type { FileAttribution } from '../../../src/core/attribution/attribution.ts';
import { plural } from '../../../src/core/sentence-parts.ts';
import { type Column, DataTable } from '../kit/data-table.tsx';
import { HostileText } from '../kit/hostile-text.tsx';
import { Num, percentText } from '../kit/num.tsx';
import { ClassBadge } from '../kit/signs.tsx';
import styles from './change.module.css';

const shownFiles = 50;
const shownRanges = 12;

/** Which lines of which file records give to whom; only files for which one does. */
export function AttributedFiles({ files }: { readonly files: readonly FileAttribution[] }) {
  return (
    <>
      <h3 className={styles.sub}>Lines that records give</h3>
      <DataTable
        caption="Attributed lines by file"
        columns={columns}
        rows={files.slice(0, shownFiles)}
        rowKey={({ path }) => path}
      />
      {files.length > shownFiles && (
        <p className={styles.note}>
          And {plural(files.length - shownFiles, 'file')} more; the raw record below has all.
        </p>
      )}
    </>
  );
}

const columns: readonly Column<FileAttribution>[] = [
  {
    id: 'path',
    header: 'File',
    rowHeader: true,
    cell: ({ path }) => <HostileText text={path} mono limit={120} />,
  },
  { id: 'class', header: 'Made by', width: '7rem', cell: (file) => <ClassBadge value={file.class} plain /> },
  {
    id: 'share',
    header: 'AI share',
    width: '6rem',
    align: 'end',
    cell: ({ aiShare }) =>
      aiShare === null ? <span className="dimmed">unknown</span> : percentText(aiShare),
  },
  {
    id: 'additions',
    header: 'Added',
    width: '5rem',
    align: 'end',
    cell: ({ additions }) => <Num value={additions} />,
  },
  { id: 'ranges', header: 'Lines', cell: ({ ranges }) => <Ranges ranges={ranges} /> },
];

function Ranges({ ranges }: Pick<FileAttribution, 'ranges'>) {
  if (ranges.length === 0) return <span className="dimmed">no lines given</span>;
  return ranges.map((part) => (
    <div key={`${part.class} ${part.claim}`}>
      <ClassBadge value={part.class} plain />
      {part.claim !== null && <span className="dimmed"> claim {part.claim + 1}</span>}{' '}
      <span className="mono">
        {part.ranges
          .slice(0, shownRanges)
          .map(([start, end]) => (start === end ? `${start}` : `${start}–${end}`))
          .join(', ')}
      </span>
      {part.ranges.length > shownRanges && ` and ${part.ranges.length - shownRanges} more`}
    </div>
  ));
}
