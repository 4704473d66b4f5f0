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
  /** How GitHub is asked and told; undefined = not at all. Never to be shown. */
  readonly github: GithubSettings | undefined;
  /** Where programs are looked for (`PATH`); undefined = the system's default. */
  readonly searchPath: string | undefined;
  /** Server that reports are sent to, and the key to send them with (never to be shown). */
  readonly reportUrl: string | undefined;
  readonly apiKey: string | undefined;
  readonly ci: CiSettings;
  /** `auto` = only on a terminal. */
  readonly colour: 'auto' | 'always' | 'never';
}

/** What GitHub Actions or GitLab CI say of the run; null where they do not, or where this is none. */
export interface CiSettings {
  readonly system: 'github' | 'gitlab' | 'none';
  readonly repo: string | null;
  /** As the system has it: on GitHub no head where `event` is a pull request. */
  readonly sha: string | null;
  readonly event: string | null;
  readonly eventFile: string | null;
  readonly pullRequest: number | null;
  readonly attempt: number | null;
  readonly url: string | null;
}

/** One credential of GitHub, of github.com or of an Enterprise Server. */
export interface GithubSettings {
  /** Of its pages: `https://github.com`. */
  readonly baseUrl: string;
  readonly credentials:
    | { readonly kind: 'token'; readonly token: string }
    | { readonly kind: 'app'; readonly appId: string; readonly privateKeyFile: string };
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
  REENTRY_URL: optionalText,
  REENTRY_API_KEY: optionalText,
  GITHUB_REPOSITORY: optionalText,
  GITHUB_SERVER_URL: optionalText,
  GITHUB_SHA: optionalText,
  GITHUB_EVENT_NAME: optionalText,
  GITHUB_EVENT_PATH: optionalText,
  GITHUB_RUN_ID: optionalText,
  GITHUB_RUN_ATTEMPT: optionalText,
  CI_SERVER_HOST: optionalText,
  CI_PROJECT_PATH: optionalText,
  CI_COMMIT_SHA: optionalText,
  CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: optionalText,
  CI_MERGE_REQUEST_IID: optionalText,
  CI_JOB_URL: optionalText,
  GITHUB_URL: optionalText.refine(
    (url) => url === undefined || isBaseUrl(url),
    'must be the address of the code host, like https://github.com, without a path',
  ),
  GITHUB_TOKEN: optionalText,
  GITHUB_APP_ID: optionalText.refine(
    (id) => id === undefined || /^[1-9]\d{0,15}$/.test(id),
    'must be the number of the app (on its settings page: App ID)',
  ),
  GITHUB_APP_PRIVATE_KEY_FILE: optionalText,
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
    github: githubSettings(values, workingFolder),
    searchPath: values.PATH,
    reportUrl: values.REENTRY_URL,
    apiKey: values.REENTRY_API_KEY,
    ci: ciSettings(values),
    colour: values.NO_COLOR ? 'never' : forced ? 'always' : 'auto',
  });
}

function ciSettings(values: z.output<typeof Environment>): CiSettings {
  const {
    GITHUB_REPOSITORY: repository,
    GITHUB_SERVER_URL: server = 'https://github.com',
    CI_PROJECT_PATH: project,
  } = values;
  if (repository !== undefined && URL.canParse(server)) {
    const run = values.GITHUB_RUN_ID;
    return {
      system: 'github',
      repo: `${new URL(server).hostname}/${repository}`,
      sha: values.GITHUB_SHA ?? null,
      event: values.GITHUB_EVENT_NAME ?? null,
      eventFile: values.GITHUB_EVENT_PATH ?? null,
      pullRequest: null,
      attempt: wholeNumber(values.GITHUB_RUN_ATTEMPT),
      url: run === undefined ? null : `${server}/${repository}/actions/runs/${run}`,
    };
  }
  const isGitlab = project !== undefined && values.CI_SERVER_HOST !== undefined;
  return {
    system: isGitlab ? 'gitlab' : 'none',
    repo: isGitlab ? `${values.CI_SERVER_HOST}/${project}` : null,
    // A pipeline for merged results runs on a merge made to try it; then the head has a variable of its own.
    sha: isGitlab ? (values.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA ?? values.CI_COMMIT_SHA ?? null) : null,
    event: null,
    eventFile: null,
    pullRequest: isGitlab ? wholeNumber(values.CI_MERGE_REQUEST_IID) : null,
    attempt: null,
    url: isGitlab ? (values.CI_JOB_URL ?? null) : null,
  };
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/** An app reads and reports more than a token may, so it comes first where both are given. Error: CONFIG_INVALID. */
function githubSettings(
  values: z.output<typeof Environment>,
  workingFolder: string,
): GithubSettings | undefined {
  const { GITHUB_APP_ID: appId, GITHUB_APP_PRIVATE_KEY_FILE: keyFile, GITHUB_TOKEN: token } = values;
  const baseUrl = new URL(values.GITHUB_URL ?? 'https://github.com').origin;
  if ((appId === undefined) !== (keyFile === undefined)) {
    const detail = 'GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY_FILE must be set together';
    throw new AppError('CONFIG_INVALID', { detail });
  }
  if (appId !== undefined && keyFile !== undefined)
    return { baseUrl, credentials: { kind: 'app', appId, privateKeyFile: resolve(workingFolder, keyFile) } };
  return token === undefined ? undefined : { baseUrl, credentials: { kind: 'token', token } };
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
