import { useState } from 'react';
import { count } from '../../../src/core/sentence-parts.ts';
import classes from './kit.module.css';
import { clip, type TextPiece, visibleText } from './visible-text.ts';

/**
 * Text that somebody outside wrote (titles, names, paths, messages): kept from reordering what stands beside it, hidden characters
 * drawn, long text cut. Inside a link or button set `expandable={false}`.
 */
export function HostileText({
  text,
  limit = 300,
  lines = false,
  expandable = true,
  mono = false,
}: {
  readonly text: string;
  readonly limit?: number;
  /** Keep line ends and tabs, as in a commit message. */
  readonly lines?: boolean;
  readonly expandable?: boolean;
  readonly mono?: boolean;
}) {
  const [isWhole, setWhole] = useState(false);
  const { head, rest } = clip(text, isWhole ? Number.POSITIVE_INFINITY : limit);
  const className = `${classes.hostile} ${lines ? classes.lines : ''} ${mono ? 'mono' : ''}`;
  return (
    <>
      <bdi className={className} data-csv={text}>
        {drawn(visibleText(head, lines))}
      </bdi>
      {rest > 0 && !expandable && <span title={`${rest} more characters`}>…</span>}
      {rest > 0 && expandable && (
        <button type="button" className={classes.textButton} onClick={() => setWhole(true)}>
          … {count(rest)} more characters
        </button>
      )}
      {isWhole && (
        <button type="button" className={classes.textButton} onClick={() => setWhole(false)}>
          show less
        </button>
      )}
    </>
  );
}

function drawn(pieces: readonly TextPiece[]) {
  return pieces.map((piece, at) =>
    piece.picture === undefined ? (
      piece.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      <span key={at} className={classes.picture} title={`Invisible character ${piece.picture}`}>
        {piece.text}
      </span>
    ),
  );
}
