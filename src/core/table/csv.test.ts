import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';
import { parseCsv } from './testing/parse-csv.ts';

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
