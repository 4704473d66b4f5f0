import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesCsv } from './changes-csv.ts';
import { csvLine } from './csv.ts';
import { item } from './testing/fake-parts.ts';

/** A cell and what ends it (RFC 4180). */
const cellAndEnd = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;

/** Strictly, as a reader would that knows nothing of us. */
function parseCsv(text: string): string[][] {
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

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '"', ',', '\r', '\n', '\t', ' ', "'", 'a', '＝') }),
);

test('whatever the texts are, a reader gets the same cells back, but for an apostrophe before a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.array(hostile, { minLength: 1, maxLength: 5 }), { minLength: 1 }), (rows) => {
      const read = parseCsv(rows.map(csvLine).join(''));

      expect(read).toEqual(
        rows.map((row) => row.map((text) => (/^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text))),
      );
    }),
  );
});

test('no cell begins as a formula in any spreadsheet', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const [[cell = ''] = []] = parseCsv(csvLine([text]));

      expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
    }),
  );
});

test('numbers stay numbers, negative ones too, and what is not known stays empty', () => {
  expect(csvLine([-5, 0.25, null, 0])).toBe('-5,0.25,,0\r\n');
});

test('the export begins with the mark that Excel needs and a header, and every row has as many cells', async () => {
  const title = '=HYPERLINK("https://evil.example","click")\n\u202egnp.exe';
  let text = '';
  for await (const piece of changesCsv(pages([[item], [], [{ ...item, title }]]))) text += piece;

  expect(text.startsWith('\uFEFFrepository,change,')).toBe(true);
  const [header = [], ...rows] = parseCsv(text.slice(1));
  expect(rows.map((row) => row.length)).toEqual([header.length, header.length]);
  expect(rows[1]?.[header.indexOf('title')]).toBe(`'${title}`);
});

async function* pages<Page>(given: readonly Page[]): AsyncGenerator<Page> {
  yield* given;
}
