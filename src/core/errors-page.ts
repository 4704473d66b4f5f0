import { errorTable } from './errors.ts';

const head = `# Errors

Every failure that Reentry reports has a code of this table. A message says what failed and which thing it was;
the line after it says what to do. Exit status: 1 a negative finding, 2 wrong usage, 3 bad input, 4 our fault or the
machine's. Written by \`node scripts/errors-page.ts\` from \`src/core/errors.ts\`; a test holds the two equal.

| code | message | what to do | HTTP | exit |
| --- | --- | --- | --- | --- |
`;

const limits = `
## Limits

| input | limit | beyond it |
| --- | --- | --- |
| files listed of one change | 2,000 | counted, the rest named as the gap \`files-omitted\` |
| commits listed of one change | 500 | the gap \`commits-omitted\` |
| a commit message | 32 KiB kept | its beginning and its end, \`messageCut\` says so |
| a file compared line by line | 16 MiB | treated as binary |
| an attribution note | 4 MiB | the gap \`note-too-large\` |
| a policy file | 256 KiB | \`POLICY_INVALID\` |
| mistakes told of a policy file | 100 | the rest is counted |
| a report from CI | 64 MiB, 3 million JSON values, 3 million XML elements | \`INPUT_TOO_LARGE\` |
| findings, files, components listed of a report | 2,000 each | the gravest, the first; the rest is counted |
`;

/** The text of docs/errors.md. */
export function errorsPage(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { message, action, httpStatus, exitStatus }]) =>
      `| \`${code}\` | ${cell(message)} | ${cell(action)} | ${httpStatus} | ${exitStatus} |\n`,
  );
  return `${head}${rows.join('')}${limits}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
