import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import type { DeliveryReceiver } from '../app/delivery-ports.ts';
import { AppError } from '../core/errors.ts';
import type { HostKind } from '../core/host/observation.ts';
import { BodyLoad } from './body-load.ts';
import type { Limits } from './limits.ts';
import type { ServerParts } from './parts.ts';

/** GitHub sends no larger payload. */
const bodyLimit = 25 * 1024 * 1024;
/** Of all deliveries that are being received: the bodies are in memory until they are stored. */
const maxBytesUnderWay = 128 * 1024 * 1024;

interface Webhook {
  readonly host: HostKind;
  readonly name: string;
  readonly path: string;
  /** Where its secret is set. */
  readonly setting: string;
}

const webhooks: readonly Webhook[] = [
  { host: 'github', name: 'GitHub', path: '/webhooks/github', setting: 'GITHUB_WEBHOOK_SECRET' },
];

/**
 * Where code hosts call. Nobody is signed in there, and no cookie is looked at: who sent a delivery, its signature tells. The
 * answer comes once what it tells is durable.
 */
export async function registerWebhooks(
  app: FastifyInstance,
  parts: ServerParts,
  { limits, registry }: { readonly limits: Limits; readonly registry: Registry },
): Promise<void> {
  const deliveries = new Counter({
    name: 'reentry_webhook_deliveries_total',
    help: 'Deliveries of code hosts, by what became of them',
    labelNames: ['host', 'outcome'],
    registers: [registry],
  });
  const load = new BodyLoad({ body: bodyLimit, together: maxBytesUnderWay });
  const scoped: FastifyPluginAsync = async (scope) => {
    scope.removeAllContentTypeParsers();
    // The signature is over the bytes, so nothing may read them before.
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    for (const webhook of webhooks) {
      const receiver = parts.webhooks[webhook.host];
      scope.post(webhook.path, {
        bodyLimit,
        onRequest: [
          limits.deliveries,
          async () => {
            if (receiver === undefined) throw secretMissing(webhook);
          },
          async (request, reply) => load.admit(request, reply),
        ],
        handler: async (request, reply) => {
          if (receiver === undefined) throw secretMissing(webhook);
          const receipt = await receive(receiver, parts, request);
          const { outcome, facts, detail } = receipt;
          deliveries.inc({ host: webhook.host, outcome });
          const { 'x-github-delivery': delivery, 'x-github-event': event } = headersOf(request);
          const line = {
            host: webhook.host,
            delivery: delivery?.slice(0, 100),
            event: event?.slice(0, 100),
            outcome,
            facts,
            detail,
          };
          if (outcome === 'not-understood' || outcome === 'refused') request.log.warn(line, 'delivery');
          else request.log.info(line, 'delivery');
          if (outcome === 'refused')
            throw new AppError('SIGNATURE_REFUSED', { detail: detail ?? '', setting: webhook.setting });
          reply.header('cache-control', 'no-store').code(202);
          return receipt;
        },
      });
    }
  };
  await app.register(scoped);
}

function secretMissing({ name, setting }: Webhook): AppError {
  return new AppError('WEBHOOK_SECRET_MISSING', { host: name, setting });
}

function receive(receiver: DeliveryReceiver, { now }: ServerParts, request: FastifyRequest) {
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  return receiver.receive({ headers: headersOf(request), body, receivedAt: now() });
}

function headersOf({ headers }: FastifyRequest): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
