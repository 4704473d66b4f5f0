import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Job } from '../contract/work.ts';
import type { ServerParts } from './parts.ts';

const logNames = ['events', 'evidence'] as const;
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What Prometheus reads: times of requests as they end; sizes and counts when it asks. */
export function measure(app: FastifyInstance, { ledger, logs, work }: ServerParts): Registry {
  const registers = [new Registry()];
  const [registry = new Registry()] = registers;
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'reentry_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last one of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: seconds,
    registers,
  });
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    // The route as registered: the number of series must not grow with what callers make up.
    const labels = { method, route: routeOptions.url ?? 'none', status: reply.statusCode };
    duration.observe(labels, reply.elapsedTime / 1_000);
  });
  new Gauge({
    name: 'reentry_log_entries',
    help: 'Entries of a log in the database',
    labelNames: ['log'],
    registers,
    async collect() {
      for (const log of logNames) this.set({ log }, await ledger.size(log));
    },
  });
  new Gauge({
    name: 'reentry_log_published_entries',
    help: 'Entries of a log under its published checkpoint',
    labelNames: ['log'],
    registers,
    async collect() {
      for (const log of logNames) this.set({ log }, sizeIn(await logs[log].checkpoint()));
    },
  });
  new Gauge({
    name: 'reentry_jobs',
    help: 'Imports and verifications that wait or run, and the last ones that ended',
    labelNames: ['kind', 'state'],
    registers,
    async collect() {
      this.reset();
      for (const { kind, state } of await work.jobs()) this.inc({ kind, state } satisfies Partial<Job>);
    },
  });
  return registry;
}

/** The second line of a checkpoint (C2SP tlog-checkpoint). */
function sizeIn(note: string | undefined): number {
  const size = Number(note?.split('\n')[1]);
  return Number.isSafeInteger(size) ? size : 0;
}
