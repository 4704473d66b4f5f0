import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../core/errors.ts';

/** Bytes of bodies that are being received, counted before they come. */
export class BodyLoad {
  readonly #limits: { readonly body: number; readonly together: number };
  #bytes = 0;

  constructor(limits: { readonly body: number; readonly together: number }) {
    this.#limits = limits;
  }

  /** Error: SERVER_BUSY where there is no room for the body. */
  admit({ headers }: FastifyRequest, reply: FastifyReply): void {
    const { body, together } = this.#limits;
    const told = Number(headers['content-length'] ?? body);
    const bytes = Number.isSafeInteger(told) ? Math.min(told, body) : body;
    if (this.#bytes + bytes > together) throw new AppError('SERVER_BUSY');
    this.#bytes += bytes;
    // However it ends, answered or cut off.
    reply.raw.once('close', () => {
      this.#bytes -= bytes;
    });
  }
}
