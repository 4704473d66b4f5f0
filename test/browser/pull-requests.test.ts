import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PullRequest } from '../code-host/model.ts';
import { type AuditedWindow, narrow, openAudited, type SignedIn, wide } from './support/audited-page.ts';
import { launchChromium } from './support/chromium.ts';
import { type ConnectedShop, connectShop } from './support/connected-shop.ts';
import { joinAsOwner } from './support/sign-in.ts';

let browser: Browser;
let world: ConnectedShop;
let storage: SignedIn;
let blocked: PullRequest;
let merged: PullRequest;
let closed: PullRequest;

const hostile = 'Hurry \u202egnp.exe <script>window.reentryWasHarmed=1</script>';

beforeAll(async () => {
  [browser, world] = await Promise.all([launchChromium(), connectShop()]);
  storage = await joinAsOwner(browser, world.served);
  const { host, shop, people, agent } = world;
  merged = await world.open({ by: people.ada, head: 'hurry', title: hostile });
  await host.merge({ repository: shop, pull: merged, by: people.ada, method: 'merge', bypass: true });
  closed = await world.open({ by: people.ben, head: 'given-up', title: 'Give up' });
  await host.closePullRequest({ repository: shop, pull: closed, by: people.ben });
  blocked = await world.open({ by: agent, head: 'cursor/discount', title: 'Add a discount' });
  host.review({ repository: shop, pull: blocked, by: people.ben, state: 'APPROVED' });
});

afterAll(async () => {
  await browser.close();
  await world.close();
});

async function openChange(page: Page, pull: PullRequest): Promise<void> {
  await page.goto(`/change?repo=127.0.0.1/acme/shop&id=pr/${pull.number}`);
  await page.getByRole('heading', { level: 1, name: new RegExp(`^#${pull.number} `) }).waitFor();
}

/** Asks again while the server still takes in what the host told. */
async function shows(page: Page, text: string | RegExp, where: 'main' | 'dl' = 'main'): Promise<void> {
  const found = page.locator(where).getByText(text).first();
  await expect
    .poll(
      async () => {
        if (await found.isVisible()) return true;
        await page.reload({ waitUntil: 'networkidle' });
        return found.isVisible();
      },
      { timeout: 30_000 },
    )
    .toBe(true);
}

describe.each([wide, narrow])('at $width pixels', (view) => {
  let inside: AuditedWindow;

  beforeAll(async () => {
    inside = await openAudited(browser, view, { url: world.served.url, storage });
  });

  afterAll(() => inside.context.close());

  test('an open pull request has a page that says what blocks it, and its record verifies', async () => {
    await inside.onPage(async ({ page, audit }) => {
      await openChange(page, blocked);

      await shows(page, 'Approved by ben');
      const facts = page.locator('dl').first();
      await facts.getByText('Open', { exact: true }).waitFor();
      await facts.getByText('Violated').or(facts.getByText('Pending')).first().waitFor();
      const requirements = page.getByRole('table', { name: 'Requirements of the policy' });
      await requirements.getByText('attributionLevel').waitFor();
      await requirements.getByText('humanApprovals').waitFor();
      await page.getByText('Pull request opened').waitFor();
      expect(await page.getByText('Reached the target branch').count()).toBe(0);
      await page.getByRole('definition').getByRole('button', { name: 'Verify here' }).click();
      await page.getByRole('list', { name: 'Steps of the verification' }).waitFor();
      expect(await page.locator('li[data-result="violated"]').count()).toBe(0);
      await audit('pull-request');
    });
  });

  test('one that was closed says so, and none of when it was merged', async () => {
    await inside.onPage(async ({ page, audit }) => {
      await openChange(page, closed);

      await shows(page, 'Closed without merge', 'dl');
      await page.getByText('Closed without a merge').waitFor();
      expect(await page.getByText('Reached the target branch').count()).toBe(0);
      await audit('pull-request-closed');
    });
  });

  test('the list leads to each, filters in its address, and writes out what a title hides', async () => {
    await inside.onPage(async ({ page, audit }) => {
      await page.goto('/changes');
      await page.getByRole('link', { name: 'Pull requests', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Pull requests' }).waitFor();
      const rows = page.getByRole('table').getByRole('rowheader');
      await expect.poll(() => rows.count()).toBe(3);
      expect(await page.locator('main').textContent()).not.toContain('\u202e');
      await audit('pull-requests');

      await page.getByRole('button', { name: 'State' }).click();
      await page.getByRole('checkbox', { name: 'Open' }).check();

      await expect.poll(() => rows.count()).toBe(1);
      expect(new URL(page.url()).search).toBe('?state=open');
      await page.getByRole('link', { name: /Add a discount/ }).click();
      await page.getByRole('heading', { level: 1, name: /Add a discount/ }).waitFor();
    });
  });

  test('what was merged against the policy wants attention on the first page, with the way to it', async () => {
    await inside.onPage(async ({ page, audit }) => {
      await page.goto('/');
      await shows(page, /^Merged although the policy was violated/);
      await page.getByRole('link', { name: '1 open pull request' }).waitFor();
      await audit('overview-merged-violated');

      await page.getByRole('listitem').filter({ hasText: 'Merged although' }).getByRole('link').click();

      await page.getByText('1 pull request with these filters').waitFor();
      await page.getByRole('rowheader').getByRole('link').click();
      await page.getByText(/^Merged by ada/).waitFor();
      await audit('pull-request-merged');
      expect(await page.evaluate(() => 'reentryWasHarmed' in globalThis)).toBe(false);
    });
  });
});
