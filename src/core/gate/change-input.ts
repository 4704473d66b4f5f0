import type { Attribution, Level } from '../attribution/attribution.ts';
import type { Gap, ObservedChange } from '../change/observed-change.ts';

/** Of a renamed file both. */
export function pathsOf({ files }: Pick<ObservedChange, 'files'>): readonly string[] {
  return files.flatMap(({ path, oldPath }) => (oldPath === undefined ? [path] : [path, oldPath]));
}

const gapsOfPaths: ReadonlySet<Gap['code']> = new Set([
  'files-omitted',
  'shallow-boundary',
  'unreadable-object',
]);

export function hasAllPaths({ files, gaps, size }: Pick<ObservedChange, 'files' | 'gaps' | 'size'>): boolean {
  return files.length >= size.files && !gaps.some(({ code }) => gapsOfPaths.has(code));
}

/** An attribution is as sure as the least sure of the claims that make it; who only reviewed or suggested makes none. */
export function lowestLevel({ claims }: Pick<Attribution, 'claims'>): Level | null {
  const levels = claims.flatMap(({ role, level }) =>
    role === 'author' || role === 'co-author' ? [level] : [],
  );
  return levels.toSorted((a, b) => a - b)[0] ?? null;
}
