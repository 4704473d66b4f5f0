import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columns, cut, printable, style } from './terminal.ts';
import { recordingTerminal } from './testing/recording-terminal.ts';

test('a commit message cannot move the cursor, change colours or reverse the text', () => {
  const hostile = 'fix\u001b[2K\u001b]0;owned\u0007 \u202egnp.exe\r\n\u009b31m';

  expect(printable(hostile)).toBe(
    'fix\\u{1b}[2K\\u{1b}]0;owned\\u{7} \\u{202e}gnp.exe\\u{d}\\u{a}\\u{9b}31m',
  );
});

test('whatever comes in, nothing that a terminal obeys goes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(printable(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});

test('without colour no escape sequence is written', () => {
  expect(style(recordingTerminal(), 'red', 'critical')).toBe('critical');
  expect(style(recordingTerminal({ colour: true }), 'red', 'critical')).toBe('\u001b[31mcritical\u001b[39m');
});

test('a text is cut by characters, not by code units', () => {
  expect(cut('👩‍🚀'.repeat(3), 4)).toBe(`${[...'👩‍🚀'.repeat(3)].slice(0, 3).join('')}…`);
  expect(cut('short', 10)).toBe('short');
});

test('columns line up whatever their content', () => {
  expect(
    columns([
      ['a', '1', 'x'],
      ['long', '22', 'y'],
    ]),
  ).toBe('  a     1   x\n  long  22  y\n');
});
