import { createHash } from 'node:crypto';
import type { Surroundings } from '../app/ports.ts';

/** 32 random bytes as text (base64url, 43 characters). */
export function newSecret({ randomBytes }: Pick<Surroundings, 'randomBytes'>): string {
  return Buffer.from(randomBytes(32)).toString('base64url');
}

/**
 * What is stored of a secret. SHA-256 without salt or rounds: the secrets are 256 random bits, which nobody guesses. Found by an
 * index over these hashes, so the time of a look-up says nothing about a secret.
 */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

export function newId({ randomBytes }: Pick<Surroundings, 'randomBytes'>): string {
  return Buffer.from(randomBytes(16)).toString('base64url');
}
