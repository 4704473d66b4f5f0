import { AppError } from '../../../core/errors.ts';

/** What Octokit throws, as far as we look into it: never its message, which the host wrote, nor its request, which holds the token. */
interface RequestFailure {
  readonly status?: number;
  readonly response?: { readonly headers?: Readonly<Record<string, unknown>>; readonly data?: unknown };
}

/** The error of ours that a failed request is. */
export function hostError(error: unknown, host: string, route: string): AppError {
  if (error instanceof AppError) return error;
  const { status, response } = (typeof error === 'object' && error !== null ? error : {}) as RequestFailure;
  // Nothing was sent: the key of an app that signs nothing.
  if (status === undefined)
    return new AppError('HOST_REFUSED', { host, detail: `${route}: the credential cannot be used` });
  if (response === undefined)
    return new AppError('HOST_BUSY', { host, detail: `no answer in time to ${route}` });
  const detail = `${status} to ${route}`;
  const headers = response.headers ?? {};
  if (isLimit(status, headers, response.data))
    return new AppError('HOST_BUSY', { host, detail: `${detail}, its limit of requests` });
  const code = codeOf(status, route);
  const more = code === 'HOST_REFUSED' ? wantedBy(headers) : '';
  return new AppError(code, { host, detail: `${detail}${more}` });
}

function codeOf(status: number, route: string): AppError['code'] {
  switch (status) {
    case 401:
    case 403:
      return 'HOST_REFUSED';
    case 404:
    case 410:
      return 'HOST_MISSING';
    case 409:
      // A conflict with something that is under way passes.
      return 'HOST_BUSY';
    case 422:
      // A commit or a name that it does not know, or a value that it does not take.
      return route.startsWith('GET ') ? 'HOST_MISSING' : 'HOST_REFUSED';
  }
  return status >= 500 ? 'HOST_BUSY' : 'HOST_ANSWER';
}

function isLimit(status: number, headers: Readonly<Record<string, unknown>>, body: unknown): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const message = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : '';
  return (
    headers['x-ratelimit-remaining'] === '0' ||
    headers['retry-after'] !== undefined ||
    /secondary rate limit/i.test(message)
  );
}

/** GitHub says which permission a route asks for. */
function wantedBy(headers: Readonly<Record<string, unknown>>): string {
  const wanted = headers['x-accepted-github-permissions'];
  return typeof wanted === 'string' && /^[\w=,; ]{1,200}$/.test(wanted) ? ` (it asks for ${wanted})` : '';
}

export function isHostError(error: unknown, ...codes: readonly AppError['code'][]): boolean {
  return error instanceof AppError && codes.includes(error.code);
}
