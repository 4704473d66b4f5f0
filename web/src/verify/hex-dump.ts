/** A row of bytes as people compare them. */
export interface HexRow {
  readonly offset: string;
  /** Pairs, a space between them. */
  readonly hex: string;
  /** The printable characters of ASCII; a point for every other byte, so that no text from outside takes effect. */
  readonly text: string;
}

const rowBytes = 16;

export function hexRows(bytes: Uint8Array, maxRows: number): readonly HexRow[] {
  const count = Math.min(maxRows, Math.ceil(bytes.length / rowBytes));
  return Array.from({ length: count }, (_, row) => {
    const part = Array.from(bytes.subarray(row * rowBytes, (row + 1) * rowBytes));
    return {
      offset: (row * rowBytes).toString(16).padStart(6, '0'),
      hex: part.map(pair).join(' '),
      text: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
    };
  });
}

/** All of it without spaces, or its beginning and end where it is longer than `maxBytes`. */
export function shortHex(bytes: Uint8Array, maxBytes: number): string {
  if (bytes.length <= maxBytes) return hexOf(bytes);
  const half = Math.floor(maxBytes / 2);
  return `${hexOf(bytes.subarray(0, half))}…${hexOf(bytes.subarray(-half))}`;
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, pair).join('');
}

function pair(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
