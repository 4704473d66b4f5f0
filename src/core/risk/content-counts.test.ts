import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentRules, countLine, isCosmetic, noContent } from './content-counts.ts';

function counted(...lines: readonly string[]) {
  const counts = noContent();
  for (const line of lines) countLine(counts, line);
  return counts;
}

/** One string per alternative of every rule, so that each hint is tried. */
const matching = {
  branch_add: [
    'if (a)',
    '} else {',
    'for x',
    'while (',
    'switch (',
    'case 1',
    'catch (',
    'except:',
    'match x',
    'when',
    'elif x',
    'select {',
    'a && b',
    'a || b',
    'a ?? b',
    'a ? b',
  ],
  func_add: [
    'function f',
    'func f',
    'def f',
    'fn f',
    'public x',
    'private x',
    'protected x',
    'class A',
    'interface A',
    '() => 1',
  ],
  c_exec: [
    'eval(x)',
    'exec(x)',
    'execSync(x)',
    'spawn(x)',
    'system(x)',
    'popen(x)',
    'child_process',
    'subprocess.run',
    'os/exec',
    'ProcessBuilder',
    'Runtime.getRuntime',
    'new Function(',
  ],
  c_sql: [
    'SELECT a FROM b',
    'INSERT a INTO b',
    'UPDATE a SET b',
    'DELETE a FROM b',
    'ALTER TABLE',
    'ALTER x TABLE y',
    'DROP x TABLE y',
    'db.query(',
    'db.raw(',
    'execute(',
  ],
  c_deser: [
    'pickle.loads',
    'yaml.load(x)',
    'ObjectInputStream',
    'unserialize(x)',
    'BinaryFormatter',
    'JSON.parse',
    'json.Unmarshal',
    'gob.New',
  ],
  c_unsafe: [
    'unsafe {',
    'InsecureSkipVerify',
    'rejectUnauthorized',
    'verify=False',
    'dangerouslySetInnerHTML',
    'innerHTML',
    'nosec',
    'NOLINT',
    'eslint-disable',
    '@ts-ignore',
    '@ts-expect-error',
    'noqa',
    'type: ignore',
    'x as any',
    'allow(unsafe_code)',
  ],
  c_secret: [
    'api_key = "12345678"',
    "apikey: '12345678'",
    'SECRET="12345678"',
    'passwd = "12345678"',
    'Password: "12345678"',
    'token = "12345678"',
    'private-key="12345678"',
  ],
  c_crypto: [
    'md5(x)',
    'SHA1(x)',
    'aes',
    'RSA',
    'hmac',
    'crypto.subtle',
    'createHash',
    'createCipheriv',
    'bcrypt',
    'scrypt',
    'x509',
    'tls.Config',
  ],
  c_net: [
    'fetch(x)',
    'axios(x)',
    'http.Get(',
    'http.Post(',
    'http.Client{',
    'http.NewRequest(',
    'requests.get',
    'HttpClient x',
    'net.Dial(',
    'net.Listen(',
    'WebSocket(',
  ],
  c_conc: [
    'go func',
    'sync.Once',
    'Mutex',
    'chan int',
    'x<-y',
    'async f',
    'await f',
    'Promise.all',
    'setTimeout',
    'Thread',
    'synchronized',
    'Lock(',
    'atomic.Add',
    'Task.Run',
    'ConfigureAwait',
    'goroutine',
    'tokio',
    'spawn(',
  ],
  c_err: [
    'catch (',
    'except X',
    'recover(x)',
    'panic(x)',
    'throw x',
    'raise x',
    'unwrap(x)',
    'expect(x)',
    'err != nil',
  ],
} as const;

test.each(Object.entries(matching))('every alternative of %s is counted', (name, lines) => {
  for (const line of lines) {
    expect([line, counted(line)[name as keyof typeof matching]]).not.toEqual([line, 0]);
  }
});

test('the quick look ahead never hides a line from its pattern', () => {
  const fragments = fc.oneof(
    fc.constantFrom(...Object.values(matching).flat()),
    fc.string({ maxLength: 12 }),
    fc.constantFrom(' ', '(', '.', '\t', 'é', '_'),
  );

  fc.assert(
    fc.property(fc.array(fragments, { maxLength: 6 }), (parts) => {
      const line = parts.join('');
      const counts = counted(line);
      for (const [name, pattern] of contentRules) {
        const found =
          line.match(new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`))?.length ?? 0;
        expect(counts[name]).toBe(name === 'branch_add' ? found : Math.min(found, 1));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a line counts each branch token and each topic once', () => {
  const counts = counted('if (await fetch(a) && await fetch(b)) throw new Error()');

  expect(counts).toMatchObject({ branch_add: 2, c_conc: 1, c_net: 1, c_err: 1, c_sql: 0 });
});

test('a line of 399 characters or more is not looked at', () => {
  expect(counted(`if (a) {${' '.repeat(390)}`).branch_add).toBe(1);
  expect(counted(`if (a) {${' '.repeat(391)}`).branch_add).toBe(0);
});

test('comments, imports, blank and bracket-only lines are cosmetic, code is not', () => {
  for (const line of [
    '',
    '  ',
    '// x',
    '# x',
    '/* x',
    ' * x',
    '*/',
    '-- x',
    '"""',
    '<!--',
    '});',
    'import a',
    "} from 'a'",
  ])
    expect([line, isCosmetic(line)]).toEqual([line, true]);
  for (const line of ['a = 1', '#include <a>', 'return;', 'importance = 1', '{ a }'])
    expect([line, isCosmetic(line)]).toEqual([line, false]);
});

test('a removed line of a megabyte is judged in linear time', () => {
  const started = performance.now();

  for (const part of [' ', '{', 'from a ', '{ ', 'using a.', '} '])
    isCosmetic(`${part.repeat(1_000_000 / part.length)}x`);

  expect(performance.now() - started).toBeLessThan(500);
});
