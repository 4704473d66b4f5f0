import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStory } from '../support/story-repository.ts';
import {
  type AuditedPage,
  type AuditedWindow,
  narrow,
  openAudited,
  type SignedIn,
  wide,
} from './support/audited-page.ts';
import { launchChromium } from './support/chromium.ts';
import { owner, type ServedReentry, serveRepositories } from './support/served-reentry.ts';
import { joinAsOwner } from './support/sign-in.ts';

let browser: Browser;
let served: ServedReentry;
let storage: SignedIn;

beforeAll(async () => {
  [browser, served] = await Promise.all([
    launchChromium(),
    serveRepositories((place) => [createStory(join(place, 'shop')).path]),
  ]);
  storage = await joinAsOwner(browser, served);
});

afterAll(async () => {
  await browser.close();
  const ended = await served.stop();
  expect(ended.status, ended.stderr).toBe(0);
});

const riskiest = /Take payments/;

/** What somebody does on each page, until it shows what the page is for. */
const stories: readonly (readonly [name: string, walk: (page: Page) => Promise<void>])[] = [
  [
    'overview',
    async (page) => {
      await page.goto('/');
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
      await page.getByText('Not ready').first().waitFor();
      await page.getByRole('link', { name: riskiest }).first().waitFor();
    },
  ],
  [
    'changes',
    async (page) => {
      await page.goto('/changes');
      await page.getByText('7 changes').first().waitFor();
      await page.getByRole('link', { name: riskiest }).first().waitFor();
    },
  ],
  [
    'no-pull-requests',
    async (page) => {
      await page.goto('/changes/pull-requests');
      await page.getByRole('heading', { level: 2, name: 'No pull request is here yet' }).waitFor();
      await page.getByText('docs/github.md').waitFor();
    },
  ],
  [
    'change',
    async (page) => {
      await page.goto('/changes?class=ai&sort=risk');
      await page.getByRole('link', { name: riskiest }).first().click();
      await page.getByRole('heading', { level: 1, name: riskiest }).waitFor();
      await page.getByRole('heading', { level: 2, name: 'Attribution' }).waitFor();
      await page.getByRole('definition').getByRole('button', { name: 'Verify here' }).click();
      await page.getByRole('list', { name: 'Steps of the verification' }).waitFor();
      expect(await page.locator('[data-result="violated"]').count()).toBe(0);
      expect(await page.locator('li[data-result="satisfied"]').count()).toBeGreaterThanOrEqual(6);
      const evidence = page.getByRole('region', { name: 'Evidence' });
      expect(await evidence.locator('li code').allTextContents()).toEqual(['unknown', 'human']);
      expect(await evidence.getByRole('listitem').filter({ hasText: '`' }).count()).toBe(0);
    },
  ],
  [
    'repositories',
    async (page) => {
      await page.goto('/repositories');
      await page.getByRole('heading', { level: 1, name: 'Repositories' }).waitFor();
      await page.getByRole('article', { name: 'shop' }).getByRole('link', { name: '7 changes' }).waitFor();
    },
  ],
  [
    'log',
    async (page) => {
      await page.goto('/log/evidence');
      await page.getByRole('heading', { level: 1, name: 'Log' }).waitFor();
      const verifications = page.getByRole('table', { name: 'Verifications' }).getByRole('rowheader');
      const none = page.getByRole('region', { name: 'Earlier verifications' }).getByText('None yet');
      await verifications.first().or(none).waitFor();
      const before = await verifications.count();
      await page.getByRole('button', { name: 'Verify both logs' }).click();
      await expect.poll(() => verifications.count(), { timeout: 10_000 }).toBe(before + 1);
      await page.getByRole('region', { name: 'Last verification' }).getByText('Verified').waitFor();
      await page.getByLabel('Index').fill('3');
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('link', { name: 'Evidence bundle' }).waitFor();
      const tabs = page.getByRole('navigation', { name: 'Logs' });
      expect(await tabs.locator('[aria-current=page]').allTextContents()).toEqual(['Evidence log']);
      const checkpoints = page.getByRole('table', { name: 'Checkpoints of the evidence log' });
      const added = checkpoints.locator('tbody td:nth-of-type(1)');
      expect(await added.allTextContents()).toEqual(['Entries added7', 'Entries added0']);
    },
  ],
  [
    'verify',
    async (page) => {
      await page.goto('/verify');
      const bundle = await page.evaluate(async () =>
        (await fetch('/api/v1/evidence/file?log=evidence&index=2&format=bundle')).text(),
      );
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'record.json', mimeType: 'application/json', buffer: Buffer.from(bundle) });
      await page.getByRole('list', { name: 'Steps of the verification' }).waitFor();
      expect(await page.locator('[data-result="violated"]').count()).toBe(0);
    },
  ],
  [
    'settings',
    async (page) => {
      await page.goto('/settings');
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
      await page.getByText(owner.email).first().waitFor();
    },
  ],
];

describe.each([wide, narrow])('at $width pixels', (view) => {
  let inside: AuditedWindow;
  let outside: AuditedWindow;

  beforeAll(async () => {
    [inside, outside] = await Promise.all([
      openAudited(browser, view, { url: served.url, storage }),
      openAudited(browser, view, { url: served.url }),
    ]);
  });

  afterAll(() => Promise.all([inside.context.close(), outside.context.close()]));

  test.each(stories)('the story of the page %s', async (name, walk) => {
    await inside.onPage(async ({ page, audit }) => {
      await walk(page);

      await audit(name);
    });
  });

  test.each(['sign-in', 'welcome'])('the page %s, for somebody who is not signed in', async (name) => {
    await outside.onPage(async ({ page, audit }) => {
      await page.goto(`/${name}`);
      await page.getByRole('heading').first().waitFor();

      await audit(name);
    });
  });
});

async function onWidePage(
  options: { readonly storage?: SignedIn },
  work: (audited: AuditedPage) => Promise<void>,
): Promise<void> {
  const { context, onPage } = await openAudited(browser, wide, { url: served.url, ...options });
  await onPage(work);
  await context.close();
}

test('whoever is not signed in is led to the sign-in page, and from there back to where they were going', async () => {
  await onWidePage({}, async ({ page }) => {
    await page.goto('/changes?class=ai');

    await page.getByLabel('E-mail').fill(owner.email);
    await page.getByLabel('Password', { exact: true }).fill('not the password at all');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('SIGN_IN_REFUSED').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();

    await page.waitForURL(/\/changes\?class=ai/);
    await page.getByRole('link', { name: riskiest }).first().waitFor();
  });
});

test('a one-time link works once', async () => {
  await onWidePage({}, async ({ page }) => {
    await page.goto(`/welcome#token=${served.token}`);

    await page.getByText('INVITATION_UNKNOWN').waitFor();

    expect(page.url()).not.toContain(served.token);
  });
});

test('the keyboard alone leads from the palette to the riskiest change', async () => {
  await onWidePage({ storage }, async ({ page, complaints, audit }) => {
    await page.goto('/');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('payments');
    await page.locator('[data-selected]').filter({ hasText: riskiest }).waitFor();
    await audit('palette');
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { level: 1, name: riskiest }).waitFor();
    expect(complaints).toEqual([]);
  });
});

test('what somebody searches for survives a reload, and is taken away by a click on it', async () => {
  await onWidePage({ storage }, async ({ page }) => {
    await page.goto('/changes?class=mixed');
    await page.getByText('2 changes with these filters').waitFor();
    await page.getByRole('searchbox', { name: 'Search changes' }).fill('rework');
    await page.getByText('1 change with these filters').waitFor();
    await page.reload();
    await page.getByText('1 change with these filters').waitFor();

    await page
      .getByRole('list', { name: 'Active filters' })
      .getByRole('button', { name: /rework/ })
      .click();

    await page.getByText('2 changes with these filters').waitFor();
    expect(new URL(page.url()).search).toBe('?class=mixed');
  });
});

test('the CSV file holds each change of the selection', async () => {
  await onWidePage({ storage }, async ({ page }) => {
    await page.goto('/changes?class=ai');
    await page.getByRole('link', { name: riskiest }).first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /CSV/ }).click(),
    ]);

    const lines = (await streamText(await download.createReadStream())).trim().split('\r\n');

    const shown = await page.locator('[data-row-link]').count();
    expect(lines).toHaveLength(shown + 1);
    expect(lines[0]).toMatch(/repo/i);
  });
});

async function streamText(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
