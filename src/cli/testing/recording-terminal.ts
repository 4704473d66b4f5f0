import type { Terminal } from '../terminal.ts';

/** A terminal that keeps what was written. */
export interface RecordingTerminal extends Terminal {
  readonly written: { out: string; err: string };
}

export function recordingTerminal(options: Partial<Terminal> = {}): RecordingTerminal {
  const written = { out: '', err: '' };
  return {
    errIsTerminal: false,
    colour: false,
    errColour: false,
    columns: 100,
    ...options,
    written,
    outClosed: () => false,
    async out(text) {
      written.out += text;
    },
    err(text) {
      written.err += text;
    },
  };
}
