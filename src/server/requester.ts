import type { Caller } from '../app/serving-ports.ts';

/** Who asked for long work, as jobs and verifications show it. */
export function requesterOf({ email, via }: Caller): string {
  return via === 'api-key' ? `${email} (API key)` : email;
}
