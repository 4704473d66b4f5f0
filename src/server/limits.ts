import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { AppError } from '../core/errors.ts';
import type { ServerSettings } from './parts.ts';

const minute = 60_000;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** In place of the refusal while the server is too busy. */
    pressureHandler?: () => undefined;
  }
}

export interface Limits {
  /** Before it is known who asks: an address that has used up its share gets no look at the database. */
  readonly beforeSignIn: onRequestAsyncHookHandler;
  /** Counts the request: for the caller, else for the address. */
  readonly count: onRequestAsyncHookHandler;
  /** For routes that take a password or a link, by address; the door has its own count per account beside it. */
  readonly attempts: onRequestAsyncHookHandler;
  /** For webhooks, by address: a share of their own, so that people behind the same proxy do not use it up. */
  readonly deliveries: onRequestAsyncHookHandler;
}

/** Registers the guards against too much work; which route has which limit is said where the route is. */
export async function limit(app: FastifyInstance, settings: ServerSettings): Promise<Limits> {
  await app.register(underPressure, {
    maxEventLoopDelay: settings.maxEventLoopDelayMs,
    pressureHandler: () => {
      throw new AppError('SERVER_BUSY');
    },
  });
  await app.register(rateLimit, { global: false });
  const share = { max: settings.requestsPerMinute, timeWindow: minute };
  const byAddress = app.createRateLimit({ ...share, keyGenerator: addressOf });
  const byCaller = app.createRateLimit({
    ...share,
    keyGenerator: ({ caller }) => `${caller?.via} ${caller?.credentialId}`,
  });
  const byAttempt = app.createRateLimit({
    max: settings.attemptsPerMinute,
    timeWindow: minute,
    keyGenerator: addressOf,
  });
  const byDelivery = app.createRateLimit({ ...share, keyGenerator: addressOf });
  return {
    beforeSignIn: async (request) => refuse(await byAddress(request, { increment: false })),
    count: async (request) => refuse(await (request.caller ? byCaller : byAddress)(request)),
    attempts: async (request) => refuse(await byAttempt(request)),
    deliveries: async (request) => refuse(await byDelivery(request)),
  };
}

type Counted = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>;

function refuse(counted: Counted): void {
  if (counted.isAllowed || !counted.isExceeded) return;
  throw new AppError('RATE_LIMITED', { seconds: Math.max(1, counted.ttlInSeconds) });
}

/** One household or data centre has a whole /64 of IPv6 addresses. */
function addressOf({ ip }: FastifyRequest): string {
  return normalizeIP(ip);
}
