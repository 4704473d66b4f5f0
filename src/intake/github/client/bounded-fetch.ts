import { createHash } from 'node:crypto';

/** Headers that tell of the body as it came; the host's own of that name are overwritten. */
export const bodyHeaders = {
  digest: 'x-reentry-digest',
  bytes: 'x-reentry-bytes',
  isTooLarge: 'x-reentry-too-large',
} as const;

interface Kept {
  readonly etag: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

const maxKeptBytes = 16 * 1024 * 1024;
const maxKeptBody = 1024 * 1024;

/**
 * A fetch that ends: within a time, at a size. What was read before is asked for by its ETag, for which the host charges nothing;
 * it is kept for whoever sends the same Authorization only.
 */
export function boundedFetch(limits: {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly answered: (headers: Headers) => void;
  readonly signal?: AbortSignal | undefined;
}): typeof fetch {
  const kept = new KeptAnswers();
  const ended = limits.signal ? [limits.signal] : [];
  return async (input, init = {}) => {
    const url = String(input);
    const headers = new Headers(init.headers);
    const key = init.method === undefined || init.method === 'GET' ? keyOf(url, headers) : null;
    const known = key === null ? undefined : kept.get(key);
    if (known) headers.set('if-none-match', known.etag);
    const signal = AbortSignal.any([AbortSignal.timeout(limits.timeoutMs), ...ended]);
    const response = await fetch(url, { ...init, headers, signal });
    limits.answered(response.headers);
    if (response.status === 304 && known) return answerOf(known);
    const body = await bodyOf(response, limits.maxBytes);
    if (body === null) return tooLarge(response);
    const answer = { status: response.status, headers: response.headers, body };
    if (key !== null) kept.keep(key, answer);
    return answerOf(answer);
  };
}

function keyOf(url: string, headers: Headers): string {
  const asked = `${url}\n${headers.get('authorization')}\n${headers.get('accept')}`;
  return createHash('sha256').update(asked).digest('hex');
}

/** The answers that were used last, up to a number of bytes. */
class KeptAnswers {
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  get(key: string): Kept | undefined {
    const known = this.#kept.get(key);
    if (known) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
    }
    return known;
  }

  keep(key: string, answer: Omit<Kept, 'etag'>): void {
    const etag = answer.headers.get('etag');
    if (answer.status !== 200 || etag === null || answer.body.length > maxKeptBody) return;
    this.#forget(key);
    this.#kept.set(key, { ...answer, etag });
    this.#bytes += answer.body.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= maxKeptBytes) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#kept.get(key)?.body.length ?? 0;
    this.#kept.delete(key);
  }
}

function answerOf({ status, headers: given, body }: Omit<Kept, 'etag'>): Response {
  const headers = new Headers(given);
  // The body is unpacked already.
  for (const name of ['content-encoding', 'content-length', bodyHeaders.isTooLarge]) headers.delete(name);
  headers.set(bodyHeaders.digest, createHash('sha256').update(body).digest('hex'));
  headers.set(bodyHeaders.bytes, String(body.length));
  return new Response(status === 204 || status === 205 || status === 304 ? null : body, { status, headers });
}

/** No error here: it would be taken for one of the network, and tried again. */
function tooLarge({ status }: Response): Response {
  return new Response('', { status, headers: { [bodyHeaders.isTooLarge]: 'true' } });
}

/** Null once it is larger than that; the rest is not read. */
async function bodyOf(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
