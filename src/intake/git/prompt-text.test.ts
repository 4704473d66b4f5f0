import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutTranscripts } from './prompt-text.ts';

/** What is left of the metadata of a note. */
function metadataAfter(metadata: unknown, space?: number): unknown {
  const note = Buffer.from(`a.ts\n  s_1::t_1 1-2\n---\n${JSON.stringify(metadata, null, space)}`);
  return JSON.parse(withoutTranscripts(note).toString('utf8').split('\n---\n')[1] ?? '');
}

test('transcripts are emptied, everything else stays as it is', () => {
  const metadata = {
    prompts: {
      one: { agent_id: { tool: 'x' }, messages: [{ text: 'a ] "messages":[1] \\" ✓' }, ['b']], total: 1 },
      two: { messages: [], messages_url: 'https://x' },
    },
    note: '"messages":[1]',
    messages: 'no list',
  };
  const { prompts } = metadata;
  const expected = { ...metadata, prompts: { ...prompts, one: { ...prompts.one, messages: [null] } } };

  expect(metadataAfter(metadata)).toEqual(expected);
  expect(metadataAfter(metadata, 2)).toEqual(expected);
});

test('whatever JSON a note holds, only lists under that key change', () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  const metadata = fc.dictionary(fc.oneof(fc.constant('messages'), fc.string()), value, {
    noNullPrototype: true,
  });
  const emptied = (given: unknown): unknown => {
    if (Array.isArray(given)) return given.map(emptied);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(
      Object.entries(given).map(([name, inner]) => [
        name,
        name === 'messages' && Array.isArray(inner) ? inner.slice(0, 1).map(() => null) : emptied(inner),
      ]),
    );
  };
  fc.assert(
    fc.property(metadata, (given) => {
      const plain: unknown = JSON.parse(JSON.stringify(given));
      expect(metadataAfter(plain)).toEqual(emptied(plain));
    }),
  );
});

test.each([
  'no divider "messages": [1]',
  'a\n---\n{"messages": [1',
  'a\n---\n{"messages": ["never closed',
  'a\n---\n{"messages"',
  '',
])('what is not well-formed stays as it is: %j', (text) => {
  expect(withoutTranscripts(Buffer.from(text)).toString()).toBe(text);
});

test('a note without attestations begins with its divider', () => {
  expect(withoutTranscripts(Buffer.from('---\n{"messages":["x"]}')).toString()).toBe(
    '---\n{"messages":[null]}',
  );
});

test('the attestation part is never touched', () => {
  const text = '"messages":[1]\n  s_1::t_1 1\n---\n{}';

  expect(withoutTranscripts(Buffer.from(text)).toString()).toBe(text);
});
