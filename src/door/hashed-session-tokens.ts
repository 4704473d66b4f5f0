import type { DBAdapter, DBTransactionAdapter, Where } from 'better-auth';
import { secretHash } from './secrets.ts';

/**
 * The library keeps session tokens as they are; with this around its adapter the table holds their SHA-256, and the library, which
 * always asks by token, sees the token that it asked with. Whoever reads the database can take over nobody's session.
 */
export function hashedSessionTokens(adapter: DBAdapter): DBAdapter {
  return {
    ...hashing(adapter),
    transaction: (work) => adapter.transaction((inner) => work(hashing(inner))),
  };
}

export function sessionTokenHash(token: string): string {
  return secretHash(token).toString('base64url');
}

// biome-ignore lint/suspicious/noExplicitAny: the library's own type of a row
type Fields = Record<string, any>;

function hashing<Adapter extends DBTransactionAdapter>(adapter: Adapter): Adapter {
  return {
    ...adapter,
    create: async (given: Parameters<DBAdapter['create']>[0]) => {
      const created = await adapter.create<Fields, Fields>({
        ...given,
        data: stored(given.model, given.data),
      });
      return restored(given.model, created, [given.data.token]);
    },
    findOne: async (given: Parameters<DBAdapter['findOne']>[0]) =>
      restored(given.model, await adapter.findOne<Fields>(asked(given)), tokensOf(given.where)),
    findMany: async (given: Parameters<DBAdapter['findMany']>[0]) => {
      const found = await adapter.findMany<Fields>(asked(given));
      return found.map((row) => restored(given.model, row, tokensOf(given.where)));
    },
    update: async (given: Parameters<DBAdapter['update']>[0]) => {
      const update = stored(given.model, given.update);
      const tokens = [given.update.token, ...tokensOf(given.where)];
      return restored(given.model, await adapter.update<Fields>({ ...asked(given), update }), tokens);
    },
    updateMany: (given: Parameters<DBAdapter['updateMany']>[0]) =>
      adapter.updateMany({ ...asked(given), update: stored(given.model, given.update) }),
    count: (given: Parameters<DBAdapter['count']>[0]) => adapter.count(asked(given)),
    delete: (given: Parameters<DBAdapter['delete']>[0]) => adapter.delete(asked(given)),
    deleteMany: (given: Parameters<DBAdapter['deleteMany']>[0]) => adapter.deleteMany(asked(given)),
    consumeOne: async (given: Parameters<DBAdapter['consumeOne']>[0]) =>
      restored(given.model, await adapter.consumeOne<Fields>(asked(given)), tokensOf(given.where)),
  } as Adapter;
}

function stored(model: string, row: Fields): Fields {
  if (model !== 'session' || typeof row.token !== 'string') return row;
  return { ...row, token: sessionTokenHash(row.token) };
}

function asked<Given extends { readonly model: string; readonly where?: Where[] | undefined }>(
  given: Given,
): Given {
  if (given.model !== 'session' || given.where === undefined) return given;
  return {
    ...given,
    where: given.where.map((condition) =>
      condition.field === 'token' ? { ...condition, value: hashedValue(condition.value) } : condition,
    ),
  };
}

function hashedValue(value: Where['value']): Where['value'] {
  if (typeof value === 'string') return sessionTokenHash(value);
  if (Array.isArray(value)) return value.map((one) => sessionTokenHash(String(one)));
  throw new TypeError('sessions are asked for by whole tokens only');
}

function tokensOf(where: readonly Where[] | undefined): readonly unknown[] {
  return (where ?? []).filter(({ field }) => field === 'token').flatMap(({ value }) => value);
}

/** Rows that were not asked for by token keep the hash: nothing can be done with it. */
function restored<Result extends Fields | null>(
  model: string,
  row: Result,
  tokens: readonly unknown[],
): Result {
  if (model !== 'session' || row === null) return row;
  const token = tokens.find((one) => typeof one === 'string' && sessionTokenHash(one) === row.token);
  return token === undefined ? row : { ...row, token };
}
