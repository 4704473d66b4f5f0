import { expect, test } from 'vitest';
import { reportReader } from './report-reader.ts';
import { billionLaughs, codeql, samples } from './testing/samples.ts';

test('a thread gives what reading here gives', async () => {
  const [here, there] = [reportReader(), reportReader({ inlineBytes: 0 })];

  for (const text of Object.values(samples)) {
    const file = Buffer.from(text);
    expect(await there.read(file)).toEqual(await here.read(file));
  }
});

test('what is refused in a thread is refused with the same code', async () => {
  await expect(reportReader({ inlineBytes: 0 }).read(Buffer.from(billionLaughs))).rejects.toMatchObject({
    code: 'REPORT_INVALID',
    message: expect.stringContaining('DOCTYPE declares'),
  });
});

test('a file that takes too long is refused, and the next one is read', async () => {
  const short = reportReader({ inlineBytes: 0, timeoutMs: 1, maxThreads: 1 });
  const fitting = reportReader({ inlineBytes: 0, maxThreads: 1 });

  const [late] = await Promise.allSettled([short.read(Buffer.from(codeql))]);
  const [refused, read] = await Promise.allSettled([
    fitting.read(Buffer.from('{')),
    fitting.read(Buffer.from(codeql)),
  ]);

  expect(late).toMatchObject({ reason: { message: expect.stringContaining('takes longer') } });
  expect(refused).toMatchObject({ reason: { code: 'REPORT_INVALID' } });
  expect(read).toMatchObject({ status: 'fulfilled', value: { name: 'CodeQL' } });
});

test('as many values as are taken, each with a name of its own, are read; more are refused before they are parsed', async () => {
  const many = (count: number) => {
    const items = Array.from({ length: count }, (_, index) => `{"${index.toString(36)}":1}`).join(',');
    return Buffer.from(`{"version":"2.1.0","x":[${items}],"runs":[]}`);
  };

  await expect(reportReader().read(many(1_400_000))).rejects.toMatchObject({
    message: expect.stringContaining('it holds no run'),
  });
  await expect(reportReader().read(many(1_600_000))).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' });
});

test('while a large report is read, this thread is free', async () => {
  const results = Array.from({ length: 150_000 }, () => ({
    level: 'note',
    message: { text: 'x'.repeat(100) },
  }));
  const run = { tool: { driver: { name: 'big' } }, results };
  const file = Buffer.from(JSON.stringify({ version: '2.1.0', runs: [run] }));
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);

  const read = await reportReader().read(file);
  clearInterval(timer);

  expect(read.summary.findings?.bySeverity.low).toBe(150_000);
  expect(longest).toBeLessThan(250);
});
