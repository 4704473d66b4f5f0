import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { getAdapter } from 'better-auth/db/adapter';
import type pg from 'pg';
import { doorHeaders } from '../app/serving-ports.ts';
import { hashedSessionTokens } from './hashed-session-tokens.ts';
import { cookieNames, type Protocol, sessionLifetimeSeconds } from './session-cookie.ts';

export const passwordLength = { least: 12, most: 128 } as const;
export const basePath = '/api/auth';

/** better-auth as this product uses it: its handler of requests, and how it hashes passwords. */
export interface SignInLibrary {
  /** One for each way in, since the names of its cookies differ. */
  handle(protocol: Protocol, request: Request): Promise<Response>;
  /** Without a request of its own: whoever calls has checked where it came from. Rejects where the password is wrong. */
  signIn(
    protocol: Protocol,
    person: { readonly email: string; readonly password: string },
    headers: Headers,
  ): Promise<Response>;
  hashPassword(password: string): Promise<string>;
}

export interface SignInLibraryParts {
  readonly pool: pg.Pool;
  readonly secret: string;
}

export async function openSignInLibrary({ pool, secret }: SignInLibraryParts): Promise<SignInLibrary> {
  const adapter = hashedSessionTokens(await getAdapter(libraryOptions('http', secret, pool)));
  const instances = {
    http: betterAuth(libraryOptions('http', secret, () => adapter)),
    https: betterAuth(libraryOptions('https', secret, () => adapter)),
  } as const;
  const { password } = await instances.http.$context;
  return {
    handle: (protocol, request) => instances[protocol].handler(request),
    signIn: (protocol, { email, password }, headers) =>
      instances[protocol].api.signInEmail({ body: { email, password }, headers, asResponse: true }),
    hashPassword: (text) => password.hash(text),
  };
}

/** Organisation-wide sign-in (OIDC, SAML, passkeys) goes here, with the tables of each plugin in a migration of ours. */
const plugins: NonNullable<BetterAuthOptions['plugins']> = [];

export function libraryOptions<Source extends BetterAuthOptions['database']>(
  protocol: Protocol,
  secret: string,
  database: Source,
) {
  return {
    appName: 'Reentry',
    // Never called: it only keeps the library from looking for an address in the environment. Whoever calls tells the real one.
    baseURL: 'http://reentry.invalid',
    basePath,
    secret,
    database,
    plugins,
    trustedOrigins: async (request?: Request) => (request === undefined ? [] : ownOrigins(request)),
    user: { modelName: 'person' },
    emailAndPassword: {
      enabled: true,
      // The ways in are the first owner's link and an owner's invitation.
      disableSignUp: true,
      minPasswordLength: passwordLength.least,
      maxPasswordLength: passwordLength.most,
    },
    session: {
      expiresIn: sessionLifetimeSeconds,
      // It ends so long after the sign-in, used or not; the idle limit is ours.
      disableSessionRefresh: true,
    },
    // Ours counts by address and e-mail.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'reentry',
      useSecureCookies: false,
      cookies: {
        session_token: { name: cookieNames[protocol], attributes: { secure: protocol === 'https' } },
      },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [doorHeaders.address], ipv6Subnet: 128 },
      // Said here, since the library turns them off by itself under a test runner.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      // Our migrations make the tables; a test holds them against what the library expects.
      database: { validateSchema: false },
    },
    // What goes wrong beneath is thrown to us and logged by the server; refusals stay responses.
    onAPIError: { throw: true },
    logger: { disabled: true },
    telemetry: { enabled: false },
  } satisfies BetterAuthOptions;
}

/** The scheme is left out: a proxy may speak TLS in front of us. */
function ownOrigins(request: Request): string[] {
  const { host, origin } = new URL(request.url);
  const hosts = new Set([host, request.headers.get('host') ?? host]);
  return [origin, ...[...hosts].flatMap((one) => [`http://${one}`, `https://${one}`])];
}
