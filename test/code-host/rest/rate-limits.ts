/** An hour's requests by credential. By the machine's clock, since clients compare with theirs. */
export class RateLimits {
  readonly limit: number;
  readonly #used = new Map<string, { used: number; resetMs: number }>();

  constructor(limit = 5_000) {
    this.limit = limit;
  }

  /** Sets what is left to a credential. */
  set(credential: string, remaining: number, resetMs = Date.now() + 3_600_000): void {
    this.#used.set(credential, { used: this.limit - remaining, resetMs });
  }

  /** Null: used up. */
  take(credential: string): Readonly<Record<string, string>> | null {
    const entry = this.#entry(credential);
    if (entry.used >= this.limit) return null;
    entry.used += 1;
    return this.headers(credential);
  }

  /** An answer 304 costs nothing. */
  giveBack(credential: string): Readonly<Record<string, string>> {
    const entry = this.#entry(credential);
    entry.used = Math.max(0, entry.used - 1);
    return this.headers(credential);
  }

  headers(credential: string): Readonly<Record<string, string>> {
    const { used, resetMs } = this.#entry(credential);
    return {
      'X-RateLimit-Limit': String(this.limit),
      'X-RateLimit-Remaining': String(this.limit - used),
      'X-RateLimit-Used': String(used),
      'X-RateLimit-Reset': String(Math.ceil(resetMs / 1000)),
      'X-RateLimit-Resource': 'core',
    };
  }

  #entry(credential: string): { used: number; resetMs: number } {
    const known = this.#used.get(credential);
    if (known && known.resetMs > Date.now()) return known;
    const fresh = { used: 0, resetMs: Date.now() + 3_600_000 };
    this.#used.set(credential, fresh);
    return fresh;
  }
}
