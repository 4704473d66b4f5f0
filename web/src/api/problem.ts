import type { Problem } from '../../../src/contract/problem.ts';

/** A refusal of the server, or its silence, as the pages show it: what, which, what to do. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'UNAUTHENTICATED';
}

/** Anything thrown, as a problem; a bug in a page is said to be one. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ApiProblem) return error.problem;
  return made('PAGE_FAILED', 0, {
    title: 'This page failed',
    detail: error instanceof Error ? error.message : String(error),
    action: 'Load the page again. If it fails again, report it with the text above.',
  });
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isProblem(body)) return new ApiProblem(body);
  const retry = response.headers.get('retry-after');
  return new ApiProblem(
    made(`HTTP_${response.status}`, response.status, {
      title: 'The server refused',
      detail: `The server answered ${response.status} ${response.statusText}`.trim(),
      action: retry
        ? `Try again in ${retry} seconds.`
        : 'Try again. If it fails again, look into the server’s log.',
      requestId: response.headers.get('x-request-id') ?? '',
    }),
  );
}

export function unreachable(cause: unknown): ApiProblem {
  const problem = new ApiProblem(
    made('SERVER_UNREACHABLE', 0, {
      title: 'The server does not answer',
      detail: 'The server does not answer.',
      action: 'Check that Reentry is running and that this machine reaches it, then try again.',
    }),
  );
  problem.cause = cause;
  return problem;
}

function made(
  code: string,
  status: number,
  words: Pick<Problem, 'title' | 'detail' | 'action'> & Partial<Problem>,
): Problem {
  return { type: 'about:blank', status, code, requestId: '', ...words };
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' &&
    body !== null &&
    ['title', 'code', 'detail', 'action'].every(
      (key) => typeof (body as Record<string, unknown>)[key] === 'string',
    )
  );
}
