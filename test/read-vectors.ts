import { readFileSync } from 'node:fs';

/** A published vector file, parsed; test/vectors/SOURCES.md tells where each comes from. */
export function vectors<Content>(path: string): Content {
  return JSON.parse(readVectors(path)) as Content;
}

/** One JSON value a line. Sizes beyond 2^53 are given as written: a number would be rounded. */
export function vectorLines<Line>(path: string): readonly Line[] {
  const quoted = readVectors(path).replaceAll(/: (\d{16,})/g, ': "$1"');
  return quoted
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

export function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

export function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function readVectors(path: string): string {
  return readFileSync(new URL(`./vectors/${path}`, import.meta.url), 'utf8');
}
