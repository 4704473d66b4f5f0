import { AppError } from '../core/errors.ts';

/** Turns the loss of a connection into the failure that its reader can mend; differs by where the server runs. */
export type ExplainLoss = (cause: unknown) => Promise<AppError>;

/**
 * What a failed query means to whoever called: DISK_FULL, or what `explainLoss` says where the connection broke; anything
 * else is our fault and stays as it is.
 */
export async function databaseError(
  error: unknown,
  place: string,
  explainLoss: ExplainLoss,
): Promise<unknown> {
  if (error instanceof AppError) return error;
  if (sqlState(error) === '53100') return new AppError('DISK_FULL', { path: place }, { cause: error });
  return isLoss(error) ? explainLoss(error) : error;
}

/** Five letters and digits of the SQL standard, or the system's name of the error (`ECONNREFUSED`); '' where none. */
export function sqlState(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** DATABASE_UNREACHABLE for a server that was named by address, without its password. */
export function unreachable(error: unknown, databaseUrl: string): AppError {
  const detail = reasons.get(sqlState(error)) ?? withoutPassword(messageOf(error), databaseUrl);
  return new AppError('DATABASE_UNREACHABLE', { detail }, { cause: error });
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ERR_INVALID_URL', 'the address is malformed'],
  ['ECONNREFUSED', 'nothing listens at that host and port'],
  ['ENOENT', 'no server has its socket in that folder'],
  ['ENOTFOUND', 'its host name is not known'],
  ['EAI_AGAIN', 'its host name could not be looked up'],
  ['ETIMEDOUT', 'it did not answer in time'],
  ['ECONNRESET', 'it closed the connection'],
  ['EPIPE', 'it closed the connection'],
  ['28P01', 'it refused the password'],
  ['57P01', 'an administrator ended the connection'],
  ['57P02', 'it crashed and is restarting'],
  ['57P03', 'it is starting up or shutting down'],
  ['53300', 'it has too many connections already'],
  ['25006', 'it is a read-only replica'],
]);

/** Connection exceptions, refusals at the door, a server that is going down, and node-postgres's own words. */
function isLoss(error: unknown): boolean {
  const state = sqlState(error);
  if (/^(08...|28...|57P0[123]|53300|25006|25P03|3D000|E[A-Z]+|EAI_AGAIN)$/.test(state)) return true;
  return /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|timeout expired|Query read timeout)/.test(
    messageOf(error),
  );
}

/** Drivers and proxies sometimes repeat the address they were given. */
function withoutPassword(text: string, databaseUrl: string): string {
  const password = /^[a-z]+:\/\/[^:@/]*:([^@]*)@/.exec(databaseUrl)?.[1];
  if (!password) return text;
  return [password, decoded(password)].reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
