import type { Browser } from 'playwright-core';
import { openAudited, type SignedIn, wide } from './audited-page.ts';
import { owner, type ServedReentry } from './served-reentry.ts';

/** Follows the one-time link as the first owner does; what it returns signs other pages in. */
export async function joinAsOwner(browser: Browser, served: ServedReentry): Promise<SignedIn> {
  const { context, onPage } = await openAudited(browser, wide, { url: served.url });
  await onPage(async ({ page }) => {
    await page.goto(`/welcome#token=${served.token}`);
    await page.getByLabel('Name').fill(owner.name);
    await page.getByLabel('E-mail').fill(owner.email);
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await page.getByLabel('Password again', { exact: true }).fill(owner.password);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  });
  const state = await context.storageState();
  await context.close();
  return state;
}
