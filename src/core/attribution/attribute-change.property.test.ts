import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attributeChange } from './attribute-change.ts';
import type { Claim } from './attribution.ts';
import type { RecordedSession } from './attribution-record.ts';
import { change, commit, note, personSession, session } from './testing/observed.ts';

const lines = fc.constantFrom(
  'Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>',
  'Co-Authored-By: Claude Fable 5 <noreply@anthropic.com>',
  'Co-Authored-By: Codex Opus 4.6 <noreply@anthropic.com>',
  'Co-authored-by: Codex <noreply@openai.com>',
  'Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>',
  'Claude-Session: https://claude.ai/code/session_A',
  'Entire-Checkpoint: 259e16a0e452',
  'Assisted-by: Claude Opus 4.6',
  'Requested by: John Roe',
  'Ai-assisted: true',
  'Model: claude-opus-4-8',
  '* a listed commit',
  '',
);

const recorded: fc.Arbitrary<RecordedSession> = fc
  .record({
    number: fc.integer({ min: 1, max: 4 }),
    start: fc.integer({ min: 1, max: 10 }),
    length: fc.integer({ min: 0, max: 6 }),
    tool: fc.constantFrom('claude', 'cursor', 'codex', 'mock_ai', ''),
    model: fc.constantFrom('claude-opus-4-6', 'composer-1', 'default', '"gpt-5"'),
    human: fc.constantFrom('Jane Doe <jane@example.com>', 'John Roe <john@example.com>'),
    isPerson: fc.boolean(),
  })
  .map(({ number, start, length, tool, model, human, isPerson }) => {
    const end = Math.min(10, start + length);
    if (isPerson) return personSession(`h_${number}`, [[start, end]]);
    return session(`s_${number}`, length === 0 ? [] : [[start, end]], { tool, model, human });
  });

const anyChange = fc
  .record({
    messages: fc.array(fc.array(lines, { maxLength: 5 }), { minLength: 1, maxLength: 4 }),
    notes: fc.array(fc.uniqueArray(recorded, { maxLength: 4, selector: ({ key }) => key }), { maxLength: 4 }),
    landing: fc.constantFrom('merge' as const, 'squash' as const, 'push' as const),
    branch: fc.constantFrom('codex/x', 'feature/x'),
  })
  .map(({ messages, notes, landing, branch }) =>
    change(
      messages.map((message, index) => commit(index + 1, `subject\n\n${message.join('\n')}`)),
      {
        landing,
        sourceBranch: branch,
        records: notes.slice(0, messages.length).map((sessions, index) => note(index + 1, sessions)),
      },
    ),
  );

test('the order in which records, their sessions and files arrive changes nothing', () => {
  fc.assert(
    fc.property(anyChange, fc.infiniteStream(fc.nat()), (observed, random) => {
      const shuffle = <Item>(items: readonly Item[]): Item[] =>
        items
          .map((item) => ({ item, key: random.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ item }) => item);
      const shuffled = {
        ...observed,
        records: shuffle(observed.records).map((record) => ({
          ...record,
          sessions: shuffle(record.sessions),
        })),
        files: shuffle(observed.files),
      };

      expect(attributeChange(shuffled)).toEqual(attributeChange(observed));
    }),
    { numRuns: 200 },
  );
});

test('the ladder holds: git gives at most level 2, a part has at most the level of the best signal that names it', () => {
  fc.assert(
    fc.property(anyChange, (observed) => {
      const { claims, otherSignals } = attributeChange(observed);

      for (const claim of claims) {
        expect(claim.level).toBe(claim.levels.agent);
        expect(claim.signals.length).toBeGreaterThan(0);
        expect(highest(claim)).toBeLessThanOrEqual(2);
        for (const level of Object.values(claim.levels))
          expect(level ?? 0).toBeLessThanOrEqual(highest(claim));
        expect(claim.levels.session === null).toBe(claim.sessionId === null);
        expect(claim.levels.user === null).toBe(claim.user === null);
        for (const { role } of claim.signals) expect(['author', 'co-author', 'requester']).toContain(role);
      }
      for (const { level } of otherSignals) expect(level).toBeLessThanOrEqual(2);
    }),
    { numRuns: 200 },
  );
});

test('class and share agree, and no signal of authorship is in two places', () => {
  fc.assert(
    fc.property(anyChange, (observed) => {
      const result = attributeChange(observed);
      const { class: actor, aiShare, aiShareBasis, claims, files } = result;

      expect(aiShare === null).toBe(aiShareBasis === 'none');
      if (actor === 'ai') expect(aiShare).toBe(1);
      if (actor === 'human') expect(aiShare).toBe(0);
      if (actor === 'unknown') expect(aiShare).toBeNull();
      if (claims.some(({ signals }) => signals.some(({ level, role }) => level > 0 && role !== 'requester')))
        expect(['ai', 'mixed']).toContain(actor);
      // Who ran the agent may be one author for several claims; all else stands once.
      const places = [...claims.flatMap(({ signals }) => signals), ...result.otherSignals]
        .filter(({ kind, role }) => kind !== 'author-identity' || role !== 'requester')
        .map((signal) => JSON.stringify(signal));
      expect(new Set(places).size).toBe(places.length);
      for (const { ranges } of files)
        for (const { claim } of ranges) expect(claim === null || claim < claims.length).toBe(true);
    }),
    { numRuns: 200 },
  );
});

function highest({ signals }: Claim): number {
  return Math.max(...signals.map(({ level }) => level));
}
