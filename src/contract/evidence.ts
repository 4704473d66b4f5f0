import { z } from 'zod';

const LogNameText = z.enum(['events', 'evidence']);
const Base64 = z.string();

export const EvidenceQuery = z.object({
  log: LogNameText.default('evidence'),
  index: z.coerce.number().int().min(0),
});
export const EvidenceFileQuery = EvidenceQuery.extend({
  /** `bundle` holds all; `dsse` is the signed statement alone; `proof` a c2sp.org/tlog-proof of the entry. */
  format: z.enum(['bundle', 'dsse', 'proof']).default('bundle'),
});

/**
 * Everything that verifies one log entry without asking us again (`core/evidence/verify-bundle.ts` does it, in a browser too). The keys
 * in it say whose it claims to be: whoever verifies compares them with those that they trust.
 */
export const EvidenceBundle = z.object({
  schema: z.literal('reentry.evidence-bundle/1'),
  log: LogNameText,
  origin: z.string(),
  index: z.number().int(),
  /** 58 bytes. */
  entry: Base64,
  /** Both null once erased: then the entry and its place are still proven, its content is not. */
  salt: Base64.nullable(),
  payload: Base64.nullable(),
  /** Inclusion proof, the leaf's sibling first. */
  proof: z.array(Base64),
  /** Signed note, byte for byte. */
  checkpoint: z.string(),
  /** C2SP verifier key of the log. */
  vkey: z.string(),
  /** Key of the statement's DSSE signature; null for entries that are not signed statements. */
  statementKey: z.object({ keyId: z.string(), publicKey: Base64 }).nullable(),
});
export type EvidenceBundle = z.output<typeof EvidenceBundle>;

const Finding = z.object({
  code: z.string(),
  log: LogNameText,
  index: z.number().nullable(),
  tile: z.string().nullable(),
  detail: z.string(),
});
export const Verification = z.object({
  id: z.string(),
  state: z.enum(['running', 'passed', 'failed', 'stopped']),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  requestedBy: z.string(),
  logs: z.array(
    z.object({
      log: LogNameText,
      size: z.number().nullable(),
      entries: z.number(),
      unpublished: z.number(),
      findings: z.number(),
    }),
  ),
  /** The first hundred. */
  findings: z.array(Finding),
});
export type Verification = z.output<typeof Verification>;
export const Verifications = z.object({ items: z.array(Verification) });

export const LogState = z.object({
  log: LogNameText,
  origin: z.string(),
  vkey: z.string(),
  /** Lower-case hex SHA-256 of the public key, to compare by eye. */
  fingerprint: z.string(),
  /** Entries in the database; those beyond `checkpoint.size` are not published yet. */
  size: z.number(),
  checkpoint: z
    .object({ size: z.number(), root: z.string(), note: z.string(), publishedAt: z.string().nullable() })
    .nullable(),
});
export type LogState = z.output<typeof LogState>;
export const Logs = z.object({ logs: z.array(LogState), lastVerification: Verification.nullable() });
export type Logs = z.output<typeof Logs>;

export const CheckpointsQuery = z.object({
  log: LogNameText,
  /** Checkpoints smaller than this size. */
  before: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const Checkpoints = z.object({
  items: z.array(
    z.object({ size: z.number(), previousSize: z.number(), root: z.string(), note: z.string() }),
  ),
  /** For `before` of the next page. */
  next: z.number().nullable(),
});
