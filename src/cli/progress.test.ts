import { expect, test } from 'vitest';
import { announce, duration, startProgress } from './progress.ts';
import { recordingTerminal } from './testing/recording-terminal.ts';

test('a terminal gets one bar that is redrawn, and a clean line at the end', () => {
  const terminal = recordingTerminal({ errIsTerminal: true });
  let now = 0;
  const progress = startProgress(terminal, 'Importing', () => now);

  progress.update(50, 200);
  now = 40;
  progress.update(60, 200);
  now = 1_000;
  progress.update(100, 200);
  progress.end();
  progress.end();

  const drawn = terminal.written.err.split('\r\u001b[2K');
  expect(drawn).toHaveLength(4);
  expect(drawn[1]).toMatch(/^\[█{7}·{23}\] Importing: 50 of 200 \(25 %\)/);
  expect(drawn[2]).toContain('100 of 200 (50 %), about 1 s left');
  expect(drawn[3]).toBe('');
});

test('a log file gets a line every ten seconds and no bar', () => {
  const terminal = recordingTerminal();
  let now = 0;
  const progress = startProgress(terminal, 'Importing', () => now);

  progress.update(1, 200);
  now = 10_000;
  progress.update(20, 200);
  now = 19_000;
  progress.update(30, 200);
  progress.end();

  expect(terminal.written.err).toBe('Importing: 20 of 200 (10 %), about 1 min 30 s left\n');
});

test('durations read as a person says them', () => {
  expect([400, 59_400, 125_000].map(duration)).toEqual(['0 s', '59 s', '2 min 5 s']);
});

test('what takes seconds is announced on a terminal only, and leaves a clean line', async () => {
  const shown = recordingTerminal({ errIsTerminal: true });
  const silent = recordingTerminal();

  await announce(shown, 'Opening', Promise.resolve());
  await announce(silent, 'Opening', Promise.resolve());

  expect([shown.written.err, silent.written.err]).toEqual(['Opening\r\u001b[2K', '']);
});
