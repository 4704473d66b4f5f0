import { isIP } from 'node:net';
import { resolve } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { AppError } from './core/errors.ts';

/** Every setting, frozen. The only reader of the environment; `docs/command-line.md` lists the variables. */
export interface Config {
  /** Folder that relative paths are meant from: where the user stood when npm was called. */
  readonly workingFolder: string;
  readonly dataFolder: string;
  readonly port: number;
  /** Address that is listened to once somebody has an account; until then it is this machine's own. */
  readonly host: string;
  /** Address that people type where a proxy stands in front, without a slash at its end. */
  readonly publicUrl: string | undefined;
  /** Addresses and networks whose `X-Forwarded-…` headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Undefined = `warn` on a terminal, else `info`. */
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent' | undefined;
  /** Requests a minute of one caller. */
  readonly rateLimit: number;
  readonly databaseUrl: string | undefined;
  /** Secrets of GitHub webhooks, several while one replaces another; empty = none are taken. Never to be shown. */
  readonly githubWebhookSecrets: readonly string[];
  /** Where programs are looked for (`PATH`); undefined = the system's default. */
  readonly searchPath: string | undefined;
  /** `auto` = only on a terminal. */
  readonly colour: 'auto' | 'always' | 'never';
}

// An empty variable means "not set": shells and compose files write them so.
const optionalText = z
  .string()
  .transform((text) => (text.trim() === '' ? undefined : text.trim()))
  .optional();

/** Whoever has seen one delivery can try out secrets at leisure; of 16 random characters there are too many. */
const shortestSecret = 16;

const Environment = z.object({
  REENTRY_DATA: optionalText,
  REENTRY_CWD: optionalText,
  PORT: optionalText.refine(
    (port) => port === undefined || isPort(port),
    'must be a whole number from 0 to 65535',
  ),
  HOST: optionalText.refine(
    (host) => host === undefined || isHost(host),
    'must be an IP address of this machine, 0.0.0.0 or :: for all of them, or localhost',
  ),
  PUBLIC_URL: optionalText.refine(
    (url) => url === undefined || isBaseUrl(url),
    'must be an address like https://reentry.example.org, without a path',
  ),
  TRUST_PROXY: optionalText.refine(
    (proxies) => proxies === undefined || listOf(proxies).every(isNetwork),
    'must be IP addresses or networks (10.0.0.0/8), with commas between them',
  ),
  LOG_LEVEL: optionalText.pipe(
    z
      .enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent')
      .optional(),
  ),
  RATE_LIMIT: optionalText.refine(
    (limit) => limit === undefined || /^[1-9]\d{0,8}$/.test(limit),
    'must be a whole number of requests a minute, from 1 on',
  ),
  DATABASE_URL: optionalText.refine(
    (url) => url === undefined || /^postgres(ql)?:\/\//.test(url),
    'must begin with postgres:// or postgresql://',
  ),
  GITHUB_WEBHOOK_SECRET: optionalText.refine(
    (secrets) => secrets === undefined || listOf(secrets).every(({ length }) => length >= shortestSecret),
    `must be secrets of at least ${shortestSecret} characters, with commas between them`,
  ),
  PATH: optionalText,
  NO_COLOR: optionalText,
  FORCE_COLOR: optionalText,
});

/** Reads the environment once; lists every mistake in one CONFIG_INVALID error. */
export function readConfig(
  environment: NodeJS.ProcessEnv = process.env,
  currentFolder = process.cwd(),
): Config {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new AppError('CONFIG_INVALID', { detail: mistakes.join('; ') });
  }
  const values = parsed.data;
  // Tools agree that 0 here means "do not force".
  const forced = values.FORCE_COLOR !== undefined && values.FORCE_COLOR !== '0';
  const workingFolder = values.REENTRY_CWD ?? currentFolder;
  return Object.freeze({
    workingFolder,
    dataFolder: resolve(workingFolder, values.REENTRY_DATA ?? '.reentry'),
    port: Number(values.PORT ?? 8620),
    host: values.HOST ?? 'localhost',
    publicUrl: values.PUBLIC_URL === undefined ? undefined : new URL(values.PUBLIC_URL).origin,
    trustedProxies: listOf(values.TRUST_PROXY ?? ''),
    logLevel: values.LOG_LEVEL,
    rateLimit: Number(values.RATE_LIMIT ?? 6_000),
    databaseUrl: values.DATABASE_URL,
    githubWebhookSecrets: listOf(values.GITHUB_WEBHOOK_SECRET ?? ''),
    searchPath: values.PATH,
    colour: values.NO_COLOR ? 'never' : forced ? 'always' : 'auto',
  });
}

export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

export function isHost(text: string): boolean {
  return text === 'localhost' || isIP(text) !== 0;
}

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === '/' && search + hash + username === '';
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
