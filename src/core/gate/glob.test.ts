import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Glob,
  matchesName,
  matchesPath,
  type ParsedGlob,
  parseNameGlob,
  parsePathGlob,
} from './glob.ts';

describe('a pattern of paths', () => {
  test.each([
    ['.github/workflows/**', '.github/workflows/ci.yml', true],
    ['.github/workflows/**', '.github/workflows/deep/er.yml', true],
    ['.github/workflows/**', '.github/workflows', false],
    ['.github/workflows/**', 'docs/.github/workflows/ci.yml', false],
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/deep/a.ts', false],
    ['src/**/*.ts', 'src/a.ts', true],
    ['src/**/*.ts', 'src/deep/er/a.ts', true],
    ['**/secret', 'secret', true],
    ['**/secret', 'a/b/secret', true],
    ['**/secret', 'a/bsecret', false],
    ['a/**/**/b', 'a/b', true],
    ['*.tf', 'infra/main.tf', true],
    ['/*.tf', 'infra/main.tf', false],
    ['/*.tf', 'main.tf', true],
    ['Dockerfile', 'services/web/Dockerfile', true],
    ['Dockerfile', 'Dockerfile.dev', false],
    ['infra', 'infra/main.tf', true],
    ['src/auth', 'src/auth/deep/login.ts', true],
    ['src/auth', 'src/authority.ts', false],
    ['infra/', 'a/infra/main.tf', true],
    ['infra/', 'infra', false],
    ['**', 'anything/at/all', true],
    ['*', '.hidden/file', true],
    ['v?.ts', 'v1.ts', true],
    ['v?.ts', 'v12.ts', false],
    ['v?.ts', 'v/.ts', false],
    ['v?.ts', 'v🦜.ts', true],
    ['app/\\[id\\]/page.tsx', 'app/[id]/page.tsx', true],
    ['app/\\[id\\]/page.tsx', 'app/i/page.tsx', false],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['src/Auth.ts', 'src/auth.ts', false],
  ])('%s and %s: %s', (source, path, fits) => {
    expect(matchesPath(glob(parsePathGlob(source)), path)).toBe(fits);
  });

  test.each([
    ['', 'it is empty'],
    ['!docs/**', 'a leading `!` would lift'],
    ['a[bc]', '`[` has no meaning here'],
    ['{a,b}', '`{` has no meaning here'],
    ['a//b', 'a name between two slashes is missing'],
    ['/', 'a name between two slashes is missing'],
    ['../up', '`.` and `..` are no names'],
    ['./here', '`.` and `..` are no names'],
    ['a/b**', '`**` stands alone between slashes'],
    ['***', '`**` stands alone between slashes'],
    ['a\\', 'a backslash needs a character'],
    ['a\\/b', 'a backslash needs a character'],
    ['a'.repeat(301), 'it is longer than 300 characters'],
  ])('%s is refused', (source, because) => {
    expect(parsePathGlob(source)).toEqual({ ok: false, because: expect.stringContaining(because) });
  });

  test('takes no longer for a text made to make it go back', () => {
    const { ok } = parsePathGlob('*a'.repeat(140));
    const hostile = glob(parsePathGlob(`${'*a'.repeat(70)}/**/${'*a'.repeat(70)}b`));

    expect(ok).toBe(true);
    expect(matchesPath(hostile, `${'a'.repeat(5_000)}/${'a/'.repeat(2_000)}${'a'.repeat(5_000)}`)).toBe(
      false,
    );
  });

  test('fits what a plain recursive reading of the rules fits', () => {
    const segment = fc.array(fc.constantFrom('a', 'b', '*', '?'), { minLength: 1, maxLength: 4 });
    const plain = segment.map((parts) => parts.join('')).filter((text) => !text.includes('**'));
    const pattern = fc.array(fc.oneof(plain, fc.constant('**')), { minLength: 2, maxLength: 5 });
    const path = fc.array(fc.stringMatching(/^[ab]{1,3}$/), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(pattern, path, (segments, parts) => {
        const compiled = glob(parsePathGlob(segments.join('/')));

        const expected = parts.some((_, index) => fitsPlainly(segments, parts.slice(0, index + 1)));
        expect(matchesPath(compiled, parts.join('/'))).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test('no text makes reading or matching a pattern fail', () => {
    const text = fc.string({
      unit: fc.constantFrom(
        '*',
        '**',
        '?',
        '/',
        '\\',
        '[',
        ']',
        'a',
        '.',
        '!',
        ' ',
        '🦜',
        '\ud800',
        '\u0000',
      ),
    });
    fc.assert(
      fc.property(text, text, (source, path) => {
        for (const parsed of [parsePathGlob(source), parseNameGlob(source)]) {
          if (!parsed.ok) continue;
          matchesPath(parsed.glob, path);
          matchesName(parsed.glob, path);
        }
      }),
    );
  });
});

describe('a pattern of names', () => {
  test.each([
    ['main', 'main', true],
    ['main', 'feature/main', false],
    ['release/*', 'release/1.0', true],
    ['release/*', 'release/1.0/hotfix', false],
    ['release/**', 'release/1.0/hotfix', true],
    ['release', 'release/1.0', false],
    ['auth-*', 'auth-', true],
  ])('%s and %s: %s', (source, name, fits) => {
    expect(matchesName(glob(parseNameGlob(source)), name)).toBe(fits);
  });
});

function glob(parsed: ParsedGlob): Glob {
  if (parsed.ok) return parsed.glob;
  throw new Error(parsed.because);
}

function fitsPlainly(segments: readonly string[], parts: readonly string[]): boolean {
  const [first, ...rest] = segments;
  if (first === undefined) return parts.length === 0;
  if (first === '**' && rest.length === 0) return parts.length > 0;
  if (first === '**')
    return parts.length > 0 ? fitsPlainly(rest, parts) || fitsPlainly(segments, parts.slice(1)) : false;
  const [part, ...others] = parts;
  return part !== undefined && fitsSegment(first, part) && fitsPlainly(rest, others);
}

function fitsSegment(segment: string, part: string): boolean {
  if (segment === '') return part === '';
  if (segment.startsWith('*'))
    return fitsSegment(segment.slice(1), part) || (part !== '' && fitsSegment(segment, part.slice(1)));
  return (
    part !== '' &&
    (segment.startsWith('?') || segment[0] === part[0]) &&
    fitsSegment(segment.slice(1), part.slice(1))
  );
}
