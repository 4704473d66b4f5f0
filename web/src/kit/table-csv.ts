import { byteOrderMark, csvLine } from '../../../src/core/table/csv.ts';

/**
 * What a table shows, as CSV: a row a row, its headers first. Where a cell shows a shortened form, the whole of it is written:
 * an element says it with `data-csv` (exact times, whole identifiers, plain numbers). Controls and what is only drawn stay out.
 */
function csvOfTable(table: HTMLTableElement): string {
  const lines = [...table.rows].map((row) => csvLine([...row.cells].map(textOf)));
  return byteOrderMark + lines.join('');
}

function textOf(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
  if (!(node instanceof Element)) return '';
  const whole = node.getAttribute('data-csv');
  if (whole !== null) return whole;
  const isHeader = node.closest('thead') !== null;
  if (
    node.matches('svg, [aria-hidden="true"], [role=status], [type=hidden]') ||
    (node.matches('button') && !isHeader)
  )
    return '';
  if (node instanceof HTMLSelectElement || node instanceof HTMLInputElement) return node.value;
  const parts = [...node.childNodes].map(textOf);
  // Blocks and items beside each other are drawn apart, and must not become one word.
  return parts
    .filter((part) => part.trim() !== '')
    .join(node.children.length > 1 ? ' ' : '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Hands the file to whoever looks at the page; nothing is asked of the server. */
export function downloadCsv(table: HTMLTableElement, name: string): void {
  const url = URL.createObjectURL(new Blob([csvOfTable(table)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
