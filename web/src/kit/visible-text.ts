export interface TextPiece {
  readonly text: string;
  /** Set where the piece stands for a character that cannot be seen: its code point and what it is. */
  readonly picture?: string;
}

/** Controls, formats (bidi, zero width, tags), private use, halves of pairs, line and paragraph separators. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;
const emoji = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F/u;

/**
 * A text from outside as pieces to draw: what could hide or reorder it is replaced by a picture. Joiners inside emoji stay. With
 * `lines`, line ends and tabs stay too.
 */
export function visibleText(text: string, lines: boolean): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let plain = '';
  let before = '';
  for (const char of text) {
    if (invisible.test(char) && !(lines && (char === '\n' || char === '\t')) && !joins(char, before)) {
      if (plain !== '') pieces.push({ text: plain });
      plain = '';
      pieces.push(pictureOf(char));
    } else {
      plain += char;
    }
    before = char;
  }
  if (plain !== '') pieces.push({ text: plain });
  return pieces;
}

/** At most `limit` characters, never half of one; and how many were cut off. */
export function clip(text: string, limit: number): { readonly head: string; readonly rest: number } {
  if (text.length <= limit) return { head: text, rest: 0 };
  const half = /[\uD800-\uDBFF]$/.test(text.slice(0, limit)) ? 1 : 0;
  return { head: text.slice(0, limit - half), rest: text.length - limit + half };
}

function joins(char: string, before: string): boolean {
  return char === '\u200D' && emoji.test(before);
}

function pictureOf(char: string): TextPiece {
  const code = char.codePointAt(0) ?? 0;
  const picture = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (code < 0x20) return { text: String.fromCodePoint(0x2400 + code), picture };
  if (code === 0x7f) return { text: '\u2421', picture };
  return { text: picture, picture };
}
