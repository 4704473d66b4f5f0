import { isIPv6 } from 'node:net';

const attempts = 5;
const windowMs = 60_000;
/** Bounds the memory; whoever could fill it is counted by address before (the server's limit). */
const maxKeys = 10_000;

/** Wrong attempts in the last minute, by address and what was tried. Of this process alone: a restart forgets them. */
export class SignInThrottle {
  readonly #tried = new Map<string, { count: number; readonly until: number }>();

  /** Counts one more attempt, before its outcome is known, so that many at once are counted too; else seconds to wait. */
  take(key: string, now: number): number | undefined {
    const entry = this.#tried.get(key);
    if (entry === undefined || entry.until <= now) {
      this.#tried.delete(key);
      this.#makeRoom(now);
      this.#tried.set(key, { count: 1, until: now + windowMs });
      return undefined;
    }
    if (entry.count >= attempts) return Math.ceil((entry.until - now) / 1_000);
    entry.count += 1;
    return undefined;
  }

  /** It was no attempt: nobody looked whether it was right. */
  giveBack(key: string): void {
    const entry = this.#tried.get(key);
    if (entry !== undefined) entry.count -= 1;
  }

  /** It was right: what was wrong before no longer counts. */
  forget(key: string): void {
    this.#tried.delete(key);
  }

  #makeRoom(now: number): void {
    for (const [key, { until }] of this.#tried) {
      // In order of time: behind one that counts, all count.
      if (until > now && this.#tried.size < maxKeys) return;
      this.#tried.delete(key);
    }
  }
}

/** Whoever has one IPv6 address has the 2^64 of its network; an IPv4 address written as IPv6 is one address. */
export function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const before = head.split(':').filter((group) => group !== '');
  const after = tail === undefined ? [] : tail.split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
}
