import { expect, test } from 'vitest';
import { readNote } from './read-note.ts';

const note = `example.org/log\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.org/log Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n— witness.example dEuPBE6vQ=\n`;

test('a checkpoint is shown with its origin, size, root and signers', () => {
  expect(readNote(note)).toEqual({
    origin: 'example.org/log',
    size: '20852163',
    root: 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
    extensions: [],
    signers: ['example.org/log', 'witness.example'],
  });
});

test('a note without the shape of a checkpoint is shown raw only', () => {
  expect(readNote('hello\nworld\n\n— me abc=\n')).toBeUndefined();
  expect(readNote('')).toBeUndefined();
});
