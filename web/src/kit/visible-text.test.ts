import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clip, visibleText } from './visible-text.ts';

const words = (text: string, lines = false) =>
  visibleText(text, lines)
    .map((piece) => piece.text)
    .join('');

test('a right-to-left override is drawn, not obeyed', () => {
  expect(visibleText('safe\u202Eexe.txt', false)).toEqual([
    { text: 'safe' },
    { text: 'U+202E', picture: 'U+202E' },
    { text: 'exe.txt' },
  ]);
});

test('controls, zero-width characters and tags become visible', () => {
  expect(words('a\u0000b\u001bc\u007fd\u200be\u{E0041}f\u0085')).toBe('a␀b␛c␡dU+200BeU+E0041fU+0085');
});

test('line ends stay only where a text has lines', () => {
  expect(words('one\ntwo\t!', true)).toBe('one\ntwo\t!');
  expect(words('one\ntwo')).toBe('one␊two');
  expect(words('one\r\ntwo', true)).toBe('one␍\ntwo');
});

test('letters of every script and emoji made of several stay as they are', () => {
  for (const text of ['Grüße, 世界', 'שלום', '👩🏽‍💻 done', '❤️‍🔥', 'e\u0301']) expect(words(text)).toBe(text);
});

test('no invisible character gets through, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(words(text).replaceAll('\u200D', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('cutting never halves a character and says how much is left', () => {
  expect(clip('ab😀cd', 3)).toEqual({ head: 'ab', rest: 4 });
  expect(clip('abc', 3)).toEqual({ head: 'abc', rest: 0 });
});
