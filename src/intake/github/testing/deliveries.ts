import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DeliveryReading, RawDelivery } from '../../../app/delivery-ports.ts';
import type { HostObservation } from '../../../core/host/observation.ts';
import { parseDelivery } from '../parse-delivery.ts';

export const testSecret = 'a secret of the tests alone';
export const receivedAt = new Date('2026-11-24T07:00:00.000Z');

export type Json = { readonly [key: string]: unknown };

interface Example {
  readonly from: string;
  readonly event: string;
  readonly payload: Json;
}

const require = createRequire(import.meta.url);
/** Its main file is `api.github.com/index.json`. */
const folder = join(require.resolve('@octokit/webhooks-examples'), '..', '..');

/** Payloads that GitHub and its Enterprise Servers sent, as octokit collects them. */
export const examples: readonly Example[] = [
  'api.github.com',
  'ghes-31',
  'ghes-32',
  'ghes-33',
  'ghes-34',
  'ghes-35',
].flatMap((from) => {
  const events = JSON.parse(readFileSync(join(folder, from, 'index.json'), 'utf8')) as readonly {
    readonly name: string;
    readonly examples: readonly Json[];
  }[];
  return events.flatMap(({ name, examples: payloads }) =>
    payloads.map((payload) => ({ from, event: name, payload })),
  );
});

/** The first example of that event and action, with parts of it replaced. */
export function example(event: string, action: string | undefined, changed: Json = {}): Json {
  const found = examples.find((one) => one.event === event && one.payload.action === action);
  if (!found) throw new Error(`there is no example of ${event}.${action}`);
  return merged(structuredClone(found.payload), changed) as Json;
}

/** Objects are merged, everything else is replaced. */
function merged(into: unknown, changed: unknown): unknown {
  if (!isObject(into) || !isObject(changed)) return changed;
  const all = Object.entries(changed).map(([key, value]) => [key, merged(into[key], value)] as const);
  return { ...into, ...Object.fromEntries(all) };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function parse(event: string | null, payload: unknown): DeliveryReading {
  return parseText(event, JSON.stringify(payload));
}

export function parseText(
  event: string | null,
  text: string,
  contentType = 'application/json',
): DeliveryReading {
  return parseDelivery({ event, deliveryId: 'd1', contentType, body: Buffer.from(text), receivedAt });
}

export function observationsOf(event: string, payload: unknown): readonly HostObservation[] {
  const reading = parse(event, payload);
  if (reading.result !== 'observed') throw new Error(`${event}: ${reading.result}, ${reading.because}`);
  return reading.observations;
}

/** As GitHub sends it. */
export function signed(
  event: string,
  payload: unknown,
  { deliveryId = crypto.randomUUID() as string, secret = testSecret, at = receivedAt } = {},
): RawDelivery {
  const body = Buffer.from(JSON.stringify(payload));
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': deliveryId,
      'x-hub-signature-256': `sha256=${signature}`,
    },
    body,
    receivedAt: at,
  };
}
