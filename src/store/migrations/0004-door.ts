import type { Migration } from './migration.ts';

/**
 * Who gets in. In a schema of its own, without tenants: `person`, `session`, `account` and `verification` are the tables of the
 * sign-in library (better-auth, core schema of 1.7, its column names), which knows none, and people belong to the installation.
 * Secrets stand here as SHA-256 (`token`, `token_hash`, `secret_hash`) or as scrypt (`password`).
 */
export const doorMigration: Migration = {
  number: 4,
  name: 'door',
  sql: `
CREATE TABLE reentry_door.person (
  id text COLLATE "C" PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  "emailVerified" boolean NOT NULL,
  image text,
  "createdAt" timestamptz NOT NULL,
  "updatedAt" timestamptz NOT NULL
);

CREATE TABLE reentry_door.session (
  id text COLLATE "C" PRIMARY KEY,
  token text COLLATE "C" NOT NULL UNIQUE,
  "userId" text COLLATE "C" NOT NULL,
  "expiresAt" timestamptz NOT NULL,
  "createdAt" timestamptz NOT NULL,
  "updatedAt" timestamptz NOT NULL,
  "ipAddress" text,
  "userAgent" text
);
CREATE INDEX session_by_user ON reentry_door.session ("userId");
COMMENT ON COLUMN reentry_door.session.token IS 'SHA-256 of the token in the cookie, base64url.';

CREATE TABLE reentry_door.account (
  id text COLLATE "C" PRIMARY KEY,
  "userId" text COLLATE "C" NOT NULL,
  "accountId" text COLLATE "C" NOT NULL,
  "providerId" text COLLATE "C" NOT NULL,
  password text,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  "createdAt" timestamptz NOT NULL,
  "updatedAt" timestamptz NOT NULL
);
CREATE INDEX account_by_user ON reentry_door.account ("userId");
COMMENT ON TABLE reentry_door.account IS 'How a person signs in: by password (provider credential), later by an outside identity.';

CREATE TABLE reentry_door.verification (
  id text COLLATE "C" PRIMARY KEY,
  identifier text NOT NULL,
  value text NOT NULL,
  "expiresAt" timestamptz NOT NULL,
  "createdAt" timestamptz NOT NULL,
  "updatedAt" timestamptz NOT NULL
);
CREATE INDEX verification_by_identifier ON reentry_door.verification (identifier);
COMMENT ON TABLE reentry_door.verification IS 'Empty: the library keeps the state of outside sign-ins here.';

CREATE TABLE reentry_door.member (
  user_id text COLLATE "C" PRIMARY KEY,
  role text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz
);
COMMENT ON TABLE reentry_door.member IS 'Whoever is not in it does not get in, whatever the tables of the library say.';

CREATE TABLE reentry_door.invitation (
  id text COLLATE "C" PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  email text UNIQUE,
  role text COLLATE "C" NOT NULL,
  invited_by text COLLATE "C",
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
COMMENT ON TABLE reentry_door.invitation IS 'Links that were not used yet. The one for the first owner has the id first-owner.';

CREATE TABLE reentry_door.api_key (
  id text COLLATE "C" PRIMARY KEY,
  user_id text COLLATE "C" NOT NULL,
  user_name text NOT NULL,
  user_email text NOT NULL,
  name text NOT NULL,
  start text COLLATE "C" NOT NULL,
  secret_hash bytea NOT NULL UNIQUE,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_key_by_user ON reentry_door.api_key (user_id);
COMMENT ON TABLE reentry_door.api_key IS 'Rows stay once revoked; user_name and user_email outlive a removed member.';
`,
};
