const longestWord = 60;

/**
 * The one of `words` that somebody who wrote `written` most likely meant; undefined where none is near: at most one slip of
 * the keyboard (a letter added, left out, changed, or two swapped) for every three letters.
 */
export function closestWord(written: string, words: readonly string[]): string | undefined {
  const lower = written.toLowerCase();
  if (lower.length > longestWord) return undefined;
  const allowed = Math.max(1, Math.floor(lower.length / 3));
  const near = words
    .map((word) => ({ word, slips: slipsBetween(lower, word.toLowerCase()) }))
    .filter(({ slips }) => slips <= allowed)
    .toSorted((a, b) => a.slips - b.slips);
  return near[0]?.word;
}

/** Optimal string alignment distance. */
function slipsBetween(left: string, right: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const changed = left[row - 1] === right[column - 1] ? 0 : 1;
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const bySwap = isSwap ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY;
      line.push(
        Math.min(at(last, column) + 1, at(line, column - 1) + 1, at(last, column - 1) + changed, bySwap),
      );
    }
    [beforeLast, last] = [last, line];
  }
  return at(last, right.length);
}

function at(line: readonly number[], column: number): number {
  return line[column] ?? Number.POSITIVE_INFINITY;
}
