/** What goes wrong on purpose: the next `times` requests (all, if left out) of that route. */
export type Fault = {
  /** As GitHub writes it: `/repos/{owner}/{repo}/pulls`; every route, if left out. */
  readonly route?: string;
  readonly method?: string;
  readonly times?: number;
  /** Lets so many requests pass first. */
  readonly after?: number;
} & (
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  /** Never answered; the connection stays open until the double closes. */
  | { readonly kind: 'hang' }
  /** The connection is cut in the middle of the answer. */
  | { readonly kind: 'cut' }
  /** The answer that the same address gave last, as from a copy that lags behind. */
  | { readonly kind: 'stale' }
);

interface Standing {
  readonly fault: Fault;
  passing: number;
  left: number;
}

export class Faults {
  #standing: Standing[] = [];

  add(fault: Fault): void {
    this.#standing.push({ fault, passing: fault.after ?? 0, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#standing = [];
  }

  /** The fault of this request, which is used up by it. */
  take(method: string, route: string): Fault | null {
    for (const standing of this.#standing) {
      const { fault } = standing;
      if (fault.route !== undefined && fault.route !== route) continue;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (standing.passing > 0) {
        standing.passing -= 1;
        continue;
      }
      if (standing.left <= 0) continue;
      standing.left -= 1;
      return fault;
    }
    return null;
  }
}

/** GitHub's secondary limit: too much at once. */
export function secondaryLimit(retryAfterSeconds: number, more: Pick<Fault, 'route' | 'times'> = {}): Fault {
  return {
    ...more,
    kind: 'answer',
    status: 403,
    headers: { 'Retry-After': String(retryAfterSeconds) },
    body: {
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    },
  };
}
