import { createVerify } from 'node:crypto';
import { type Kernel, Refusal } from '../kernel.ts';
import type { App } from '../model.ts';
import type { Requester } from './route.ts';

/** Who sends that Authorization header: a token, or a JSON web token that an app signed. */
export function requesterOf(kernel: Kernel, authorization: string | undefined): Requester {
  if (authorization === undefined) return { kind: 'anonymous' };
  const token = tokenOf(authorization);
  if (token.split('.').length === 3) return { kind: 'app', app: appOf(kernel, token) };
  const credential = kernel.credentials.get(token);
  if (!credential) throw new Refusal(401, 'Bad credentials');
  if (credential.kind === 'user') return { kind: 'user', account: kernel.account(credential.accountId) };
  const installation = kernel.installations.get(credential.installationId);
  if (!installation || credential.expiresAtMs <= Date.now()) throw new Refusal(401, 'Bad credentials');
  if (installation.suspendedAt !== null) throw new Refusal(403, 'This installation has been suspended');
  const { permissions, repositoryIds } = credential;
  return {
    kind: 'installation',
    app: kernel.app(installation.appId),
    installation,
    permissions,
    repositoryIds,
  };
}

/** `Bearer x`, `token x`, or basic with the token as password, as git sends it. */
export function tokenOf(authorization: string): string {
  const [scheme = '', value = ''] = authorization.trim().split(/\s+/);
  if (scheme.toLowerCase() !== 'basic') return value;
  const [name = '', ...rest] = Buffer.from(value, 'base64').toString('utf8').split(':');
  const password = rest.join(':');
  // A token may stand in the user's place, too.
  return password === '' || password === 'x-oauth-basic' ? name : password;
}

const maxLifeSeconds = 600;
/** GitHub's clock may be behind the app's by that much. */
const skewSeconds = 60;

function appOf(kernel: Kernel, token: string): App {
  const [head = '', claims = '', signature = ''] = token.split('.');
  const { alg } = decode(head);
  const { iss, iat, exp } = decode(claims);
  const app = [...kernel.apps.values()].find((one) => String(one.id) === String(iss) || one.clientId === iss);
  if (!app) throw new Refusal(404, 'Integration not found');
  const isSigned = createVerify('RSA-SHA256')
    .update(`${head}.${claims}`)
    .verify(app.publicKey, Buffer.from(signature, 'base64url'));
  // No other algorithm, `none` above all.
  if (alg !== 'RS256' || !isSigned) throw new Refusal(401, 'A JSON web token could not be decoded');
  const now = Date.now() / 1000;
  if (typeof exp !== 'number' || exp <= now)
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time",
    );
  if (typeof iat !== 'number' || iat > now + skewSeconds)
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  if (exp > now + maxLifeSeconds + skewSeconds)
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  return app;
}

function decode(part: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    throw new Refusal(401, 'A JSON web token could not be decoded');
  }
}
