import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { AppError } from '../core/errors.ts';
import { problemOf, problemType } from './problem.ts';
import { isLoopback } from './same-origin.ts';

/** Headers and address line together. */
const maxHeaderBytes = 16 * 1024;
const headersTimeoutMs = 15_000;
/** Until the whole request is there: a body of 1 MiB at 35 kB/s. */
const requestTimeoutMs = 30_000;
/** Silence on a connection, a slow reader's too. */
const silenceMs = 120_000;
const keepAliveMs = 65_000;
const maxConnections = 1_000;
/** What runs may end within this time. */
const drainMs = 10_000;
const drainLookMs = 50;

/**
 * The addresses that the server is reached at. It begins with this machine alone; the configured one is opened once somebody has an
 * account, so that nobody on the network can be faster than whoever reads the one-time link on the terminal.
 */
export class Listeners {
  readonly #answer: RequestListener;
  readonly #host: string;
  #port: number;
  readonly #open = new Map<string, Server>();
  /** Those that still have a connection; more than are open, once an address was given up for a wider one. */
  readonly #servers = new Set<Server>();
  #draining = false;
  #widening: Promise<void> | undefined;

  constructor(answer: RequestListener, { host, port }: { readonly host: string; readonly port: number }) {
    this.#answer = answer;
    this.#host = host;
    this.#port = port;
  }

  /** The one that was chosen, where 0 was asked for. */
  get port(): number {
    return this.#port;
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  /** This machine alone can call. */
  get isLoopbackOnly(): boolean {
    return [...this.#open.keys()].every(isLoopback);
  }

  /** As URLs. */
  get addresses(): readonly string[] {
    return [...this.#open.keys()].map((host) => urlOf(host, this.#port));
  }

  /** Opens this machine's own addresses. Errors: PORT_IN_USE, CONFIG_INVALID. */
  async openLoopback(): Promise<void> {
    await this.#listen('127.0.0.1');
    await this.#listen('::1').catch(async (error: unknown) => {
      // A machine without IPv6. Another program there is a failure: browsers would ask it first.
      if (!(error instanceof AppError) || error.code !== 'PORT_IN_USE') return;
      await this.drain();
      throw error;
    });
  }

  /** Opens the configured address too. May be called again. Errors: PORT_IN_USE, CONFIG_INVALID; then the others stay open. */
  widen(): Promise<void> {
    if (isLoopback(this.#host)) return Promise.resolve();
    this.#widening ??= this.#widen().catch((error: unknown) => {
      this.#widening = undefined;
      throw error;
    });
    return this.#widening;
  }

  async #widen(): Promise<void> {
    if (this.#draining || this.#open.has(this.#host)) return;
    if (!isWildcard(this.#host)) return this.#listen(this.#host);
    // The system refuses "every address" beside one of them. What runs there goes on: only the listening ends.
    for (const [host, server] of this.#open) {
      this.#open.delete(host);
      server.close();
    }
    try {
      await this.#listen(this.#host);
    } catch (error) {
      await this.openLoopback();
      throw error;
    }
  }

  /** Takes nothing new, lets what runs finish, and ends what has not finished in time. */
  async drain(): Promise<void> {
    this.#draining = true;
    const servers = [...this.#servers];
    const closed = Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    this.#open.clear();
    // An answer may leave its connection idle at any time until the last one is gone.
    const looking = setInterval(() => {
      for (const server of servers) server.closeIdleConnections();
    }, drainLookMs);
    const ending = setTimeout(() => {
      for (const server of servers) server.closeAllConnections();
    }, drainMs);
    await closed;
    clearInterval(looking);
    clearTimeout(ending);
  }

  async #listen(host: string): Promise<void> {
    const server = createServer({ maxHeaderSize: maxHeaderBytes, keepAlive: true }, this.#answer);
    server.headersTimeout = headersTimeoutMs;
    server.requestTimeout = requestTimeoutMs;
    server.keepAliveTimeout = keepAliveMs;
    server.timeout = silenceMs;
    server.maxConnections = maxConnections;
    server.on('clientError', answerMalformed);
    await new Promise<void>((done, failed) => {
      server.once('error', (error) => failed(this.#refusal(host, error)));
      server.listen({ host, port: this.#port }, () => done());
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#open.set(host, server);
    this.#servers.add(server);
    server.on('close', () => this.#servers.delete(server));
  }

  #refusal(host: string, error: NodeJS.ErrnoException): AppError {
    const address = urlOf(host, this.#port);
    if (error.code === 'EADDRINUSE') return new AppError('PORT_IN_USE', { address }, { cause: error });
    const detail =
      error.code === 'EACCES'
        ? `this user may not open ${address}`
        : `${address} cannot be opened (${error.code}); HOST must be an address of this machine`;
    return new AppError('CONFIG_INVALID', { detail }, { cause: error });
  }
}

/** What is no HTTP reaches no route; it gets the same kind of answer. */
function answerMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(malformed(error.code), randomUUID());
  const body = JSON.stringify(problem);
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${problem.title}`,
      `content-type: ${problemType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

function malformed(code: string | undefined): AppError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new AppError('INPUT_TOO_LARGE', { what: 'The header', size: 'longer', limit: '16 KiB' });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new AppError('REQUEST_TIMEOUT', { seconds: requestTimeoutMs / 1_000 });
    default:
      return new AppError('INPUT_INVALID', { detail: 'this is no HTTP request' });
  }
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
