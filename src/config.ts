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
  readonly databaseUrl: string | undefined;
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

const Environment = z.object({
  REENTRY_DATA: optionalText,
  REENTRY_CWD: optionalText,
  PORT: optionalText.refine(
    (port) => port === undefined || isPort(port),
    'must be a whole number from 0 to 65535',
  ),
  DATABASE_URL: optionalText.refine(
    (url) => url === undefined || /^postgres(ql)?:\/\//.test(url),
    'must begin with postgres:// or postgresql://',
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
    databaseUrl: values.DATABASE_URL,
    searchPath: values.PATH,
    colour: values.NO_COLOR ? 'never' : forced ? 'always' : 'auto',
  });
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}
