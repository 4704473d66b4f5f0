import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  convertManifestCode,
  githubManifest,
  manifestFormAction,
} from '../src/intake/github/client/app-manifest.ts';
import { connectGithub } from '../src/intake/github/client/connect-github.ts';
import { openTestWorld, type TestWorld } from './code-host/testing/test-world.ts';

let world: TestWorld;

beforeEach(async () => {
  world = await openTestWorld();
});

afterEach(() => world.close());

test('a manifest becomes an app whose key works, and its code works once', async () => {
  const { host } = world;
  const manifest = githubManifest({
    name: 'Reentry of Acme',
    baseUrl: 'https://reentry.test',
    webhookUrl: world.sink.url,
    redirectUrl: 'https://reentry.test/created',
  });
  const page = await fetch(manifestFormAction(host.url, 'acme'), {
    method: 'POST',
    body: new URLSearchParams({ manifest: JSON.stringify(manifest) }),
    redirect: 'manual',
  });
  const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';

  const made = await convertManifestCode(host.url, code);
  const { appId, privateKey } = made;
  const credentials = { kind: 'app', appId, privateKey } as const;
  const health = await connectGithub({ baseUrl: host.url, credentials }).health();

  expect(health.actingAs).toBe('Reentry of Acme');
  expect(health.permissions.filter(({ wanted, given }) => wanted !== given)).toEqual([]);
  expect(made.webhookSecret.length).toBeGreaterThanOrEqual(16);
  await expect(convertManifestCode(host.url, code)).rejects.toMatchObject({ code: 'HOST_MISSING' });
  await expect(convertManifestCode(host.url, '../user')).rejects.toMatchObject({ code: 'HOST_MISSING' });
});

test('the addresses are those of github.com, of GHE.com and of a server', () => {
  expect([
    manifestFormAction('https://github.com/'),
    manifestFormAction('https://acme.ghe.com', 'a/b'),
    manifestFormAction('https://git.acme.test:8443'),
  ]).toEqual([
    'https://github.com/settings/apps/new',
    'https://acme.ghe.com/organizations/a%2Fb/settings/apps/new',
    'https://git.acme.test:8443/settings/apps/new',
  ]);
});
