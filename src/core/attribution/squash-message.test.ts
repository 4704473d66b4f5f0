import { expect, test } from 'vitest';
import { listedCommits } from './squash-message.ts';

test('the commits that GitHub lists are found with their bodies, without the co-authors at the end', () => {
  const message =
    'feat: x (#1)\n\n* feat: one\n\nBody of one.\n\nCo-Authored-By: A <a@x>\n\n* fix: two\n\n---------\n\nCo-authored-by: A <a@x>\n';

  expect(listedCommits(message)).toEqual([
    '* feat: one\n\nBody of one.\n\nCo-Authored-By: A <a@x>\n',
    '* fix: two\n',
  ]);
});

test('bullets of a description are no commits', () => {
  expect(listedCommits('feat: x (#1)\n\n* this\n* that\n* more\n')).toEqual([]);
  expect(listedCommits('feat: x (#1)\n\n* this\nand so on\n\n* that\nand on\n')).toEqual([]);
  expect(listedCommits('feat: x (#1)\n\n- one\n\n- two\n')).toEqual([]);
  expect(listedCommits('feat: x (#1)\n\n* only one\n')).toEqual([]);
});

test('merges among the listed commits are left out', () => {
  const message = "x (#1)\n\n* one\n\n* Merge branch 'main' into x\n\n* two\n";

  expect(listedCommits(message)).toEqual(['* one\n', '* two\n']);
});
