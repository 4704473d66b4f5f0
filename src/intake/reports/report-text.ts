import { quoted, reportInvalid } from './report-invalid.ts';

const encodings: ReadonlySet<string> = new Set([
  'utf-8',
  'utf8',
  'us-ascii',
  'ascii',
  'iso-8859-1',
  'iso-8859-15',
  'latin1',
  'windows-1252',
  'utf-16',
]);

/**
 * The file as text: UTF-8, or what its byte order mark or XML declaration says. What is no character becomes U+FFFD, since output of
 * tests is often broken and decides nothing. Error: REPORT_INVALID for an encoding that is not read.
 */
export function reportText(file: Uint8Array): string {
  if (file[0] === 0xff && file[1] === 0xfe) return new TextDecoder('utf-16le').decode(file);
  if (file[0] === 0xfe && file[1] === 0xff) return new TextDecoder('utf-16be').decode(file);
  return new TextDecoder(declaredEncoding(file)).decode(file);
}

function declaredEncoding(file: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(file.subarray(0, 200));
  const declared = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']/.exec(head)?.[1]?.toLowerCase();
  if (declared === undefined) return 'utf-8';
  if (!encodings.has(declared))
    throw reportInvalid(`it is in the encoding ${quoted(declared)}: write it as UTF-8`);
  // Without a byte order mark the declaration itself would not have been readable.
  return declared === 'utf-16' ? 'utf-8' : declared;
}
