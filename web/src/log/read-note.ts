export interface ReadableNote {
  readonly origin: string;
  readonly size: string;
  readonly root: string;
  /** Lines after the root, as they are. */
  readonly extensions: readonly string[];
  readonly signers: readonly string[];
}

/** The parts of a signed checkpoint (C2SP tlog-checkpoint, signed-note) for reading; undefined where it is not one. Checks no signature. */
export function readNote(note: string): ReadableNote | undefined {
  const [text, signatures] = split(note);
  const [origin, size, root, ...rest] = text.split('\n');
  if (origin === undefined || size === undefined || root === undefined || !/^\d+$/.test(size))
    return undefined;
  return {
    origin,
    size,
    root,
    extensions: rest.filter((line) => line !== ''),
    signers: signatures.flatMap((line) => /^\u2014 (\S+) \S+$/u.exec(line)?.[1] ?? []),
  };
}

function split(note: string): readonly [text: string, signatures: readonly string[]] {
  const at = note.lastIndexOf('\n\n');
  return at === -1 ? [note, []] : [note.slice(0, at), note.slice(at + 2).split('\n')];
}
