/** A cell and what ends it (RFC 4180). */
const cellAndEnd = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;

/** Strictly, as a reader would that knows nothing of us. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  cellAndEnd.lastIndex = 0;
  while (cellAndEnd.lastIndex < text.length) {
    const at = cellAndEnd.lastIndex;
    const [, quoted, plain, end] = cellAndEnd.exec(text) ?? [];
    if (end === undefined) throw new Error(`no cell at ${at}`);
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',') rows.push([]);
  }
  return rows.slice(0, -1);
}
