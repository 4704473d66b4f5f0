import { count } from '../../../src/core/sentence-parts.ts';
import { HostileText } from '../kit/hostile-text.tsx';
import { Id } from '../kit/id.tsx';
import classes from './log.module.css';
import { readNote } from './read-note.ts';

/** A signed checkpoint: what it says in words, and byte for byte below. */
export function NoteView({ note }: { readonly note: string }) {
  const read = readNote(note);
  return (
    <details className={classes.note}>
      <summary>The signed checkpoint</summary>
      {read && (
        <p>
          “The log <HostileText text={read.origin} mono /> has {count(Number(read.size))} entries, and their
          root hash is <Id value={read.root} chars={16} what="root hash" />
          .” Signed by{' '}
          {read.signers.length === 0 ? 'nobody' : <HostileText text={read.signers.join(', ')} mono />}
          {read.extensions.length > 0 && (
            <>
              , with the extension lines <HostileText text={read.extensions.join(' · ')} mono />
            </>
          )}
          .
        </p>
      )}
      <pre>
        <HostileText text={note} lines limit={5_000} />
      </pre>
    </details>
  );
}
