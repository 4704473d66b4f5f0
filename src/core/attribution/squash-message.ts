const maxListed = 500;

/**
 * The commits that a squash message lists, each with its subject and body, as GitHub writes them: `* subject` between
 * blank lines, the next one after the last one's body, co-authors of all of them under a rule of dashes at the end.
 * Merges are left out. Empty where the message lists fewer than two: then it does not say what was squashed. Linear.
 */
export function listedCommits(message: string): readonly string[] {
  const lines = message.split('\n');
  const end = lines.findLastIndex((line) => /^-{3,}\s*$/.test(line));
  const starts: number[] = [];
  for (let index = 1; index < lines.length && starts.length < maxListed; index += 1) {
    if (!lines[index]?.startsWith('* ') || lines[index - 1]?.trim() !== '') continue;
    if ((lines[index + 1] ?? '').trim() === '') starts.push(index);
  }
  if (starts.length < 2) return [];
  const last = starts.at(-1) ?? 0;
  const stop = end > last ? end : lines.length;
  return starts
    .map((start, index) => lines.slice(start, starts[index + 1] ?? stop).join('\n'))
    .filter((commit) => !/^\* Merge (?:branch|remote-tracking branch|pull request|commit|tag) /.test(commit));
}
