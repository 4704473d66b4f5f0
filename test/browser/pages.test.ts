import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStory } from '../support/story-repository.ts';
import { type AuditedPage, openAudited, views } from './support/audited-page.ts';
import { launchChromium } from './support/chromium.ts';
import { owner, type ServedReentry, serveRepositories } from './support/served-reentry.ts';
import { joinAsOwner, type SignedIn } from './support/sign-in.ts';

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
      await page.getByRole('textbox', { name: 'Search changes' }).fill('cart');
      await page.getByText('2 changes').first().waitFor();
      await page.waitForURL(/q=cart/);
    },
  ],
  [
    'change',
    async (page) => {
      await page.goto('/changes?class=ai&sort=risk');
      await page.getByRole('link', { name: riskiest }).first().click();
      await page.getByRole('heading', { level: 1, name: riskiest }).waitFor();
      await page.getByRole('heading', { level: 2, name: 'Attribution' }).waitFor();
      await page.getByRole('button', { name: 'Verify here' }).click();
      await page.getByRole('list', { name: 'Steps of the verification' }).waitFor();
      expect(await page.locator('[data-result="violated"]').count()).toBe(0);
      expect(await page.locator('li[data-result="satisfied"]').count()).toBeGreaterThanOrEqual(6);
    },
  ],
  [
    'repositories',
    async (page) => {
      await page.goto('/repositories');
      await page.getByRole('heading', { level: 1, name: 'Repositories' }).waitFor();
      await page.getByText('local/shop').first().waitFor();
    },
  ],
  [
    'log',
    async (page) => {
      await page.goto('/log/evidence');
      await page.getByRole('heading', { level: 1, name: 'Log' }).waitFor();
      await page.getByRole('button', { name: /verif/i }).first().click();
      await page
        .getByText(/passed|intact/i)
        .first()
        .waitFor();
      await page.getByLabel('Index').fill('3');
      await page
        .getByRole('button', { name: /find|show|proof/i })
        .last()
        .click();
      await page
        .getByRole('link', { name: /bundle/i })
        .first()
        .waitFor();
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

describe.each(views)('at $width pixels in the $scheme', (view) => {
  test.each(stories)('the story of the page %s', async (name, walk) => {
    await onPage(view, async (audited) => {
      await walk(audited.page);

      await audited.audit(name);
    });
  });

  test.each(['sign-in', 'welcome'])('the page %s, for somebody who is not signed in', async (name) => {
    const audited = await openAudited(browser, view, { url: served.url });
    await audited.page.goto(`/${name}`);
    await audited.page.getByRole('heading').first().waitFor();

    await audited.audit(name);

    await audited.context.close();
  });
});

async function onPage(
  view: (typeof views)[number],
  work: (audited: AuditedPage) => Promise<void>,
): Promise<void> {
  const audited = await openAudited(browser, view, { url: served.url, storage });
  try {
    await work(audited);
  } finally {
    await audited.context.close();
  }
}

const wide = views[0] as (typeof views)[number];

test('whoever is not signed in is led to the sign-in page, and from there back to where they were going', async () => {
  const { page, context } = await openAudited(browser, wide, { url: served.url });
  await page.goto('/changes?class=ai');

  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill('not the password at all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('SIGN_IN_REFUSED').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();

  await page.waitForURL(/\/changes\?class=ai/);
  await page.getByRole('link', { name: riskiest }).first().waitFor();
  await context.close();
});

test('a one-time link works once', async () => {
  const { page, context } = await openAudited(browser, wide, { url: served.url });
  await page.goto(`/welcome#token=${served.token}`);

  await page.getByText('INVITATION_UNKNOWN').waitFor();

  expect(page.url()).not.toContain(served.token);
  await context.close();
});

test('the keyboard alone leads from the palette to the riskiest change', async () => {
  await onPage(wide, async ({ page, complaints }) => {
    await page.goto('/');
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('payments');
    await page
      .getByRole('button', { name: riskiest })
      .or(page.getByRole('option', { name: riskiest }))
      .first()
      .waitFor();
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { level: 1, name: riskiest }).waitFor();
    expect(complaints).toEqual([]);
  });
});

test('what somebody chose as filter survives a reload, and is taken away by a click on it', async () => {
  await onPage(wide, async ({ page }) => {
    await page.goto('/changes?class=unknown&q=hello');
    await page.getByText('1 change').first().waitFor();
    await page.reload();
    await page.getByText('1 change').first().waitFor();

    const chips = page.getByRole('list', { name: 'Active filters' });
    await chips.getByRole('button').or(chips.getByRole('link')).first().click();

    await expect.poll(() => page.url()).not.toMatch(/q=hello.*class|class.*q=hello/);
  });
});

test('the CSV file holds each change of the selection', async () => {
  await onPage(wide, async ({ page }) => {
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
