import { IconArrowDown, IconArrowUp, IconDownload } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import classes from './data-table.module.css';
import { downloadCsv } from './table-csv.ts';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'start' | 'end';
  /** Any CSS width; without it the column takes what is left. */
  readonly width?: string;
  /** Names the row for screen readers; one column should. It leads the card on narrow screens. */
  readonly rowHeader?: boolean;
  /** Offered for sorting under this name. */
  readonly sort?: string;
  /** Left out on narrow screens. */
  readonly wideOnly?: boolean;
}

export interface Sorting {
  readonly by: string;
  readonly order: 'asc' | 'desc';
  readonly onSort: (by: string, order: 'asc' | 'desc') => void;
}

/**
 * A table that stays one for screen readers, with a header that sticks, and cards on narrow screens. In a row, mark the main link with
 * `data-row-link`: arrow keys, `j` and `k` move between those.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  sorting,
  rowTone,
  exported = true,
}: {
  /** Read aloud, and the name of its CSV file; not drawn. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sorting?: Sorting;
  /** Dims a row, for example of something that ended. */
  readonly rowTone?: (row: Row) => 'dimmed' | undefined;
  /** False where the server exports the whole of it. */
  readonly exported?: boolean;
}) {
  const table = useRef<HTMLTableElement>(null);
  return (
    <div className={classes.frame}>
      {/* Roles are said again, since drawing rows as cards takes the table's own away in some browsers. */}
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <table ref={table} className={classes.table} role="table" onKeyDown={moveBetweenRows}>
        <caption className="visually-hidden">{caption}</caption>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <thead role="rowgroup">
          {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
          <tr role="row">
            {columns.map((column) => (
              <Header key={column.id} column={column} sorting={sorting} />
            ))}
          </tr>
        </thead>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <tbody role="rowgroup">
          {rows.map((row) => (
            // biome-ignore lint/a11y/noRedundantRoles: see above
            <tr key={rowKey(row)} role="row" data-tone={rowTone?.(row)}>
              {columns.map((column) => (
                <Cell key={column.id} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {exported && rows.length > 0 && (
        <button
          type="button"
          className={classes.csv}
          aria-label={`${caption} as CSV`}
          onClick={() => table.current && downloadCsv(table.current, caption)}
        >
          <IconDownload size={13} aria-hidden /> CSV
        </button>
      )}
    </div>
  );
}

function Header<Row>({ column, sorting }: { readonly column: Column<Row>; readonly sorting?: Sorting }) {
  const { header, align, width, sort, wideOnly } = column;
  const isSorted = sorting !== undefined && sort !== undefined && sorting.by === sort;
  const shared = {
    scope: 'col',
    role: 'columnheader',
    'data-align': align,
    'data-wide': wideOnly,
    style: width === undefined ? {} : { width },
  } as const;
  if (sorting === undefined || sort === undefined) return <th {...shared}>{header}</th>;
  const next = isSorted && sorting.order === 'desc' ? 'asc' : 'desc';
  return (
    <th {...shared} aria-sort={isSorted ? (sorting.order === 'asc' ? 'ascending' : 'descending') : 'none'}>
      <button type="button" onClick={() => sorting.onSort(sort, next)}>
        {header}
        {isSorted && (sorting.order === 'asc' ? <IconArrowUp size={13} /> : <IconArrowDown size={13} />)}
      </button>
    </th>
  );
}

function Cell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const shared = { 'data-align': column.align, 'data-wide': column.wideOnly } as const;
  const content = column.cell(row);
  return column.rowHeader ? (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <th {...shared} scope="row" role="rowheader">
      {content}
    </th>
  ) : (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <td {...shared} role="cell">
      <span className={classes.label} aria-hidden>
        {column.header}
      </span>
      <div className={classes.value}>{content}</div>
    </td>
  );
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

function moveBetweenRows(event: KeyboardEvent<HTMLTableElement>) {
  const step = steps[event.key];
  const target = event.target;
  if (step === undefined || event.metaKey || event.ctrlKey || event.altKey) return;
  if (!(target instanceof HTMLElement) || target.closest('input, textarea, select, [role=listbox]')) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('tbody [data-row-link]')];
  const here = links.findIndex((link) => link.closest('tr') === target.closest('tr'));
  const next = links[here === -1 ? 0 : here + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.closest('tr')?.scrollIntoView({ block: 'nearest' });
}
