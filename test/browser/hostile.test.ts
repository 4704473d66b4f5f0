import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AuditedWindow, openAudited, type View } from './support/audited-page.ts';
import { launchChromium } from './support/chromium.ts';
import { createHostileRepository, hostileTexts, markOfHarm } from './support/hostile-repository.ts';
import { type ServedReentry, serveRepositories } from './support/served-reentry.ts';
import { joinAsOwner } from './support/sign-in.ts';

let browser: Browser;
let served: ServedReentry;
let inside: AuditedWindow;

beforeAll(async () => {
  [browser, served] = await Promise.all([
    launchChromium(),
    serveRepositories((place) => [createHostileRepository(join(place, 'hostile'))]),
  ]);
  inside = await openAudited(browser, view, {
    url: served.url,
    storage: await joinAsOwner(browser, served),
  });
});

afterAll(async () => {
  await browser.close();
  await served.stop();
});

const view: View = { width: 390, schemes: ['light'] };
const pages = [
  '/',
  '/changes',
  '/changes?sort=risk&q=script',
  ...hostileTexts.map((_, at) => `/change?repo=local/hostile&id=pr/${at + 10}`),
  '/repositories',
  '/log/events',
  '/verify?log=evidence&index=2',
  '/settings',
];

test.each(pages)('what commits carry does no harm on %s', async (address) => {
  await inside.onPage(async ({ page, complaints, audit }) => {
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    for (const summary of await page.locator('details > summary').all()) {
      if (await summary.isVisible()) await summary.click();
    }

    expect(await page.evaluate((mark) => mark in globalThis, markOfHarm)).toBe(false);
    expect(await page.locator('script:not([src])').count()).toBe(0);
    expect(await page.locator('img[src="x"], a[href^="javascript"]').count()).toBe(0);
    expect(await rawControls(page.locator('#root').textContent())).toEqual([]);
    expect(complaints).toEqual([]);
    await audit(`hostile${address.replaceAll(/\W+/g, '-')}`);
  });
});

/** Marks that would reorder or hide the words around them; what shows them writes them out. */
const unseen = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b\ufeff]/gu;

async function rawControls(text: Promise<string | null>): Promise<readonly string[]> {
  return ((await text)?.match(unseen) ?? []).filter((mark) => mark !== '\n' && mark !== '\t');
}
