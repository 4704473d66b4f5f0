import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../core/errors.ts';
import type { BundlePrimitives, BundleStep } from '../core/evidence/bundle-step.ts';
import { maxBundleCharacters } from '../core/evidence/evidence-bundle.ts';
import { type BundleVerification, verifyBundleText } from '../core/evidence/verify-bundle.ts';
import { encodeHex } from '../core/tlog/bytes.ts';
import { ed25519Verifier, hmacSha256, sha256 } from '../core/tlog/node-primitives.ts';
import { parseVkey } from '../core/tlog/note-key.ts';
import { printable, type Style, style, type Terminal } from './terminal.ts';

export interface VerifyBundleOptions {
  /** Absolute. */
  readonly path: string;
  /** Verifier key of the log, or the absolute path of a file that holds it. */
  readonly key?: { readonly text: string; readonly path: string };
  readonly json?: true;
}

const primitives: BundlePrimitives = {
  sha256,
  hmacSha256,
  verifyEd25519: (publicKey, message, signature) => ed25519Verifier(publicKey)(message, signature),
};

/**
 * Verifies one evidence bundle without a data folder and without asking anybody. 1 where a step is violated or cannot be decided.
 * Errors: EVIDENCE_INVALID, INPUT_TOO_LARGE, USAGE.
 */
export async function verifyBundleFile(terminal: Terminal, options: VerifyBundleOptions): Promise<number> {
  const vkey = options.key && (await trustedKey(options.key));
  const verification = await verifyBundleText(await readText(options.path), primitives, { vkey });
  if (!verification.ok) throw invalid(options.path, verification.because);
  await terminal.out(
    options.json ? bundleJson(verification) : bundleText(verification, options.path, terminal),
  );
  return verification.result === 'satisfied' ? 0 : 1;
}

const maxKeyBytes = 1_000;

async function trustedKey({ text, path }: NonNullable<VerifyBundleOptions['key']>): Promise<string> {
  if (parseVkey(sha256, text).ok) return text;
  const size = await fileSize(path);
  const held = size !== undefined && size <= maxKeyBytes ? (await readFile(path, 'utf8')).trim() : '';
  if (parseVkey(sha256, held).ok) return held;
  throw new AppError('USAGE', {
    detail: `--key wants a verifier key (name+1a2b3c4d+base64) or a file that holds one, not ${text}`,
  });
}

async function readText(path: string): Promise<string> {
  const size = await fileSize(path);
  if (size === undefined) throw invalid(path, 'It is not a file.');
  if (size > maxBundleCharacters) {
    throw new AppError('INPUT_TOO_LARGE', { what: path, size: `${size} bytes`, limit: '64 MiB' });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    throw new AppError('EVIDENCE_INVALID', { path, detail: 'It cannot be read as UTF-8 text.' }, { cause });
  }
}

async function fileSize(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

function invalid(path: string, detail: string): AppError {
  return new AppError('EVIDENCE_INVALID', { path, detail });
}

function bundleJson({ result, because, steps, keys, about }: BundleVerification): string {
  const { statement, size, ...place } = about;
  const lines = [
    ...steps.map((step) => ({
      step: {
        id: step.id,
        result: step.result,
        because: step.because,
        computed: step.computed && encodeHex(step.computed),
        expected: step.expected && encodeHex(step.expected),
      },
    })),
    { summary: { result, because, ...place, size: size === null ? null : Number(size), keys } },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

const marks: Readonly<Record<BundleStep['result'], readonly [string, Style]>> = {
  satisfied: ['✓', 'green'],
  violated: ['✕', 'red'],
  indeterminate: ['?', 'yellow'],
  not_applicable: ['–', 'dim'],
};

function bundleText(
  { result, because, steps, keys }: BundleVerification,
  path: string,
  terminal: Terminal,
): string {
  return [
    `${style(terminal, marks[result][1], because)}\n  ${printable(path)}\n`,
    ...steps.map((step) => {
      const [mark, colour] = marks[step.result];
      return `  ${style(terminal, colour, mark)} ${step.title} (${words[step.result]})\n    ${printable(step.because)}\n${digests(step)}`;
    }),
    ...keys.map(
      ({ of, name, fingerprint, from }) =>
        `  Key of the ${of === 'log' ? `log ${printable(name)}` : 'statements'}${from === 'verifier' ? ', which you trust' : ', from the bundle'}:\n    SHA-256 ${fingerprint}\n`,
    ),
  ].join('');
}

const words: Readonly<Record<BundleStep['result'], string>> = {
  satisfied: 'satisfied',
  violated: 'violated',
  indeterminate: 'indeterminate',
  not_applicable: 'not applicable',
};

function digests({ computed, expected, result }: BundleStep): string {
  if (!computed) return '';
  const other = expected && result === 'violated' ? `\n    expected ${encodeHex(expected)}` : '';
  return `    computed ${encodeHex(computed)}${other}\n`;
}
