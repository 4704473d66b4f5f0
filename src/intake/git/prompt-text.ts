const divider = Buffer.from('---\n');
const something = Buffer.from('null');
const key = Buffer.from('"messages"');
const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const open = 0x5b;
const close = 0x5d;

/**
 * A Git AI note without the transcripts that older ones carry (`"messages": […]` becomes `"messages": [null]`), so that nobody's
 * prompts become text in our memory, and megabytes need not be decoded for a few names. In JSON these bytes are a key
 * wherever a colon follows: inside of a string the quotes would be escaped. What is not well-formed stays as it is.
 */
export function withoutTranscripts(note: Buffer): Buffer {
  const kept: Buffer[] = [];
  let from = 0;
  let at = metadataStart(note);
  if (at === undefined) return note;
  for (at = note.indexOf(key, at); at >= 0; at = note.indexOf(key, at)) {
    at += key.length;
    const start = listAfterKey(note, at);
    if (start === undefined) continue;
    const end = endOfList(note, start);
    // Trying on would read the rest again for each key of a text made for that.
    if (end === undefined) return note;
    kept.push(note.subarray(from, start + 1));
    if (skipBlanks(note, start + 1) < end) kept.push(something);
    from = end;
    at = end;
  }
  return from === 0 ? note : Buffer.concat([...kept, note.subarray(from)]);
}

/** After the line `---` that ends the attestation part. */
function metadataStart(note: Buffer): number | undefined {
  if (note.indexOf(divider) === 0) return divider.length;
  const at = note.indexOf(`\n${divider.toString()}`);
  return at < 0 ? undefined : at;
}

/** Where the list begins that is the key's value. */
function listAfterKey(note: Buffer, position: number): number | undefined {
  const value = skipBlanks(note, position);
  if (note[value] !== colon) return undefined;
  const start = skipBlanks(note, value + 1);
  return note[start] === open ? start : undefined;
}

function skipBlanks(note: Buffer, position: number): number {
  let at = position;
  while (note[at] === 0x20 || note[at] === 0x0a || note[at] === 0x0d || note[at] === 0x09) at += 1;
  return at;
}

/** Position of the bracket that closes the list. */
function endOfList(note: Buffer, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < note.length; at += 1) {
    const byte = note[at];
    if (byte === quote) at = endOfString(note, at);
    else if (byte === open) depth += 1;
    else if (byte === close) depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

/** Position of the closing quote, or the end. */
function endOfString(note: Buffer, start: number): number {
  for (let at = note.indexOf(quote, start + 1); at >= 0; at = note.indexOf(quote, at + 1)) {
    let escapes = 0;
    while (note[at - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return at;
  }
  return note.length;
}
