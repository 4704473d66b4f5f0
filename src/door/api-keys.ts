import type { Surroundings } from '../app/ports.ts';
import type { ApiKeyRow, Caller } from '../app/serving-ports.ts';
import { grantableScopes, type Role, type Scope } from '../core/access/permissions.ts';
import { AppError } from '../core/errors.ts';
import type { Queryable } from './door-database.ts';
import { newId, newSecret, secretHash } from './secrets.ts';

const usedEveryMs = 60_000;
const maxDays = 365;
/** Live ones of one person: more than anybody can keep an eye on. */
const maxKeys = 50;
const dayMs = 24 * 3_600_000;
/** `rk_` and five characters, of 43. */
const startLength = 8;

/** The secret of `Authorization: Bearer rk_…`; null where something else stands there, which is nobody's key. */
export function bearerSecret(headers: Headers): string | null | undefined {
  const authorization = headers.get('authorization');
  if (authorization === null) return undefined;
  return /^bearer (rk_[\w-]{43})$/i.exec(authorization)?.[1] ?? null;
}

/** Whose key it is. Its power is what its scopes and its maker's role of now both allow (`isAllowed`). */
export async function keyCaller(database: Queryable, secret: string, now: Date): Promise<Caller | undefined> {
  const [found] = await database.query<{
    readonly id: string;
    readonly userId: string;
    readonly name: string;
    readonly email: string;
    readonly role: Role;
    readonly scopes: readonly Scope[];
    readonly usedAt: Date | null;
  }>(
    `SELECT k.id, k.user_id AS "userId", p.name, p.email, m.role, k.scopes, k.last_used_at AS "usedAt"
     FROM reentry_door.api_key AS k
     JOIN reentry_door.person AS p ON p.id = k.user_id
     JOIN reentry_door.member AS m ON m.user_id = k.user_id
     WHERE k.secret_hash = $1 AND k.expires_at > $2 AND k.revoked_at IS NULL`,
    [secretHash(secret), now],
  );
  if (found === undefined) return undefined;
  const { id, usedAt, ...rest } = found;
  if (usedAt === null || now.getTime() - usedAt.getTime() > usedEveryMs) {
    await database.query('UPDATE reentry_door.api_key SET last_used_at = $2 WHERE id = $1', [id, now]);
  }
  return { ...rest, via: 'api-key', credentialId: id };
}

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresInDays: number;
}

/** The secret is in this answer and nowhere else. Errors: FORBIDDEN (beyond the maker's role, or asked with a key), INPUT_INVALID. */
export async function createKey(
  { database, surroundings }: { readonly database: Queryable; readonly surroundings: Surroundings },
  key: NewApiKey,
  by: Caller,
): Promise<{ readonly key: ApiKeyRow; readonly secret: string }> {
  checkKey(key, by);
  const now = surroundings.now();
  const [live] = await database.query<{ readonly keys: number }>(
    `SELECT count(*)::integer AS keys FROM reentry_door.api_key
     WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2`,
    [by.userId, now],
  );
  if (live !== undefined && live.keys >= maxKeys)
    throw invalid(`you have ${maxKeys} keys; revoke one of them first`);
  const secret = `rk_${newSecret(surroundings)}`;
  const [made] = await database.query<StoredKey>(
    `INSERT INTO reentry_door.api_key
       (id, user_id, user_name, user_email, name, start, secret_hash, scopes, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ${columns}`,
    [
      ...[newId(surroundings), by.userId, by.name, by.email, key.name, secret.slice(0, startLength)],
      ...[secretHash(secret), [...new Set(key.scopes)], now],
      new Date(now.getTime() + key.expiresInDays * dayMs),
    ],
  );
  if (made === undefined) throw new Error('the key was not stored');
  return { key: rowOf(made), secret };
}

function checkKey({ name, scopes, expiresInDays }: NewApiKey, by: Caller): void {
  if (by.via === 'api-key')
    throw new AppError('FORBIDDEN', { role: by.role, action: 'create', resource: 'own-api-key' });
  if (!Number.isInteger(expiresInDays) || expiresInDays < 1 || expiresInDays > maxDays)
    throw invalid(`a key lives from 1 to ${maxDays} days`);
  if (scopes.length === 0) throw invalid('a key without scopes can do nothing');
  if (name.trim() === '' || name.length > 100 || /\p{Cc}/u.test(name))
    throw invalid('a key has a name of 1 to 100 characters');
  const grantable = new Set(grantableScopes(by.role));
  const beyond = scopes.find((scope) => !grantable.has(scope));
  if (beyond === undefined) return;
  const [action = '', resource = ''] = beyond.split(':');
  throw new AppError('FORBIDDEN', { role: by.role, action, resource });
}

/** Newest first, revoked and expired ones too. */
export async function listKeys(database: Queryable, userId?: string): Promise<readonly ApiKeyRow[]> {
  const rows = await database.query<StoredKey>(
    `SELECT ${columns} FROM reentry_door.api_key WHERE $1::text IS NULL OR user_id = $1
     ORDER BY created_at DESC, id LIMIT 1000`,
    [userId ?? null],
  );
  return rows.map(rowOf);
}

/** Once more does nothing. Error: NOT_FOUND. */
export async function revokeKey(
  database: Queryable,
  { keyId, now, userId }: { readonly keyId: string; readonly now: Date; readonly userId?: string },
): Promise<void> {
  const revoked = await database.query(
    `UPDATE reentry_door.api_key SET revoked_at = coalesce(revoked_at, $2)
     WHERE id = $1 AND ($3::text IS NULL OR user_id = $3) RETURNING id`,
    [keyId, now, userId ?? null],
  );
  if (revoked.length === 0) throw new AppError('NOT_FOUND', { what: 'such API key' });
}

const columns = `id, user_id AS "userId", user_name AS "userName", user_email AS "userEmail", name, start, scopes,
  created_at AS "createdAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

type Times = 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'revokedAt';

interface StoredKey extends Omit<ApiKeyRow, Times>, Record<string, unknown> {
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

function rowOf({ createdAt, expiresAt, lastUsedAt, revokedAt, ...rest }: StoredKey): ApiKeyRow {
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

function invalid(detail: string): AppError {
  return new AppError('INPUT_INVALID', { detail });
}
