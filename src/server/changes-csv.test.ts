import { expect, test } from 'vitest';
import { parseCsv } from '../core/table/testing/parse-csv.ts';
import { changesCsv } from './changes-csv.ts';
import { item } from './testing/fake-parts.ts';

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
