import { expect, test } from 'vitest';
import type { HostObservation } from '../host/observation.ts';
import { hostObserved, idempotencyKey } from './fact.ts';

const received = { at: '2026-01-02T00:00:00.000Z', capture: 'live', index: 0 } as const;
const origin = {
  via: 'webhook',
  event: 'status',
  deliveryId: 'd1',
  digest: 'ab'.repeat(32),
  bytes: 2,
} as const;
const around = {
  host: 'github',
  repository: {
    hostId: 'github.com#7',
    ref: { id: 'github.com/acme/shop', name: 'shop' },
    defaultBranch: 'main',
  },
  owner: { id: 'github.com#7', login: 'acme', kind: 'organization' },
  origin,
  occurredAt: '2026-01-01T00:00:00Z',
  occurredAtFrom: 'host',
  actor: null,
} as const;
const status: HostObservation = {
  schema: 'reentry.gate-outcome/1',
  ...around,
  kind: 'status',
  hostId: '1',
  attempt: null,
  name: 'ci/test',
  headSha: 'c'.repeat(40),
  conclusion: 'success',
  source: null,
  startedAt: null,
  completedAt: null,
  url: null,
  pullRequests: [],
};
const access: HostObservation = {
  schema: 'reentry.access-change/1',
  ...around,
  occurredAtFrom: 'receipt',
  action: 'member.added',
  subject: 'github.com#9',
  detail: {},
};

function keyOf(data: HostObservation, index = 0): string {
  return Buffer.from(idempotencyKey(hostObserved(data, { ...received, index }).event)).toString('hex');
}

test('what a host told is a CloudEvent at the time when it happened there', () => {
  expect(hostObserved(status, received)).toEqual({
    event: {
      specversion: '1.0',
      id: `webhook/status#${'ab'.repeat(32)}/0`,
      source: 'github:github.com#7',
      type: 'dev.reentry.host.observed.v1',
      subject: 'c'.repeat(40),
      time: '2026-01-01T00:00:00Z',
      datacontenttype: 'application/json',
      data: status,
    },
    receivedAt: '2026-01-02T00:00:00.000Z',
    capture: 'live',
  });
});

test('the same bytes are one fact under whatever delivery id; other bytes, another place in them or the API make another', () => {
  const from = (changed: Partial<HostObservation['origin']>): HostObservation => ({
    ...status,
    origin: { ...origin, ...changed },
  });

  expect(keyOf(from({ deliveryId: 'd2' }))).toBe(keyOf(status));
  const others = [
    keyOf(from({ digest: 'cd'.repeat(32) })),
    keyOf(from({ via: 'api', deliveryId: null })),
    keyOf(from({ event: 'check_run.created' })),
    keyOf(status, 1),
    keyOf(status),
  ];
  expect(new Set(others).size).toBe(others.length);
});

test('what has no time of its own happens again in the same bytes, under another delivery id', () => {
  expect(keyOf({ ...access, origin: { ...origin, deliveryId: 'd2' } })).not.toBe(keyOf(access));
  expect(keyOf(access)).toBe(keyOf(access));
});

test('an account is not the repository of the same number', () => {
  const sources = [access, { ...access, repository: null }, { ...access, repository: null, owner: null }].map(
    (data) => hostObserved(data, received).event.source,
  );

  expect(sources).toEqual(['github:github.com#7', 'github:account/github.com#7', 'github:unknown']);
});
