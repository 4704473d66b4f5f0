import { expect, test } from 'vitest';
import { parseGitAiNote } from './git-ai-note.ts';
import { countLines, intersectRanges, type LineRanges } from './line-ranges.ts';
import { toAttributionRecord } from './parsed-record.ts';

test('a record keeps how much it claims and, of that, only what landed', () => {
  const parsed = parseGitAiNote(
    'a.rs\n  s_1::t_1 1-10\nb.rs\n  s_1::t_1 1-5\n---\n{"schema_version":"authorship/3.0.0","sessions":{"s_1":{"agent_id":{"tool":"claude"}}}}',
  );
  const added: LineRanges = [[4, 6]];
  const origin = { source: 'git-ai-note', locator: 'l', commit: 'c', blob: 'b', sizeBytes: 9 } as const;

  const record = toAttributionRecord(parsed, origin, (path, claimed) => {
    const ranges = path === 'a.rs' ? intersectRanges(claimed, added) : [];
    return ranges.length === 0 ? undefined : { path, ranges, lines: countLines(ranges) };
  });

  expect(record).toEqual({
    ...origin,
    schemaVersion: 'authorship/3.0.0',
    hasLines: true,
    sessions: [
      {
        key: 's_1',
        contributor: 'ai',
        resolved: true,
        tool: 'claude',
        claimedLines: 15,
        coverage: [{ path: 'a.rs', ranges: [[4, 6]], lines: 3 }],
      },
    ],
    problems: [],
  });
});
