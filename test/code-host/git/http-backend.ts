import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { gitEnvironment } from './run-git.ts';

export interface GitRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The bare repository. */
  readonly path: string;
  /** Behind the repository's name: `/info/refs`. */
  readonly rest: string;
  readonly query: string;
  readonly user: string;
  /** For the update hook: what it refuses, a line each. */
  readonly refused: string;
}

/** Runs git's own CGI program for one request; resolves once git has ended and all is sent. */
export function serveGit({ request, response, path, rest, query, user, refused }: GitRequest): Promise<void> {
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : '';
  };
  const child = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment,
      GIT_PROJECT_ROOT: dirname(path),
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path.slice(dirname(path).length) + rest,
      REQUEST_METHOD: request.method ?? 'GET',
      QUERY_STRING: query,
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_USER: user,
      REMOTE_ADDR: '127.0.0.1',
      CODE_HOST_REFUSED: refused,
      // Without a length git reads to the end, which is what a chunked body needs.
      ...(header('content-length') === '' ? {} : { CONTENT_LENGTH: header('content-length') }),
    },
  });
  // A client that goes away takes its git along.
  response.on('close', () => child.kill());
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  child.stderr.resume();
  return new Promise((done, fail) => {
    let head: Buffer | null = Buffer.alloc(0);
    child.stdout.on('data', (chunk: Buffer) => {
      if (head === null) {
        response.write(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1) return;
      sendHead(response, head.subarray(0, end).toString('latin1'));
      response.write(head.subarray(end + 4));
      head = null;
    });
    child.on('error', fail);
    child.on('close', () => {
      if (head !== null) response.statusCode = 500;
      done();
    });
  });
}

function sendHead(response: ServerResponse, head: string): void {
  for (const line of head.split('\r\n')) {
    const at = line.indexOf(':');
    const name = line.slice(0, at);
    const value = line.slice(at + 1).trim();
    if (name.toLowerCase() === 'status') response.statusCode = Number(value.slice(0, 3));
    else response.setHeader(name, value);
  }
}
