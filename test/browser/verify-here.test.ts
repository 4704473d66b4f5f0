import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStory } from '../support/story-repository.ts';
import { openAudited, views } from './support/audited-page.ts';
import { launchChromium } from './support/chromium.ts';
import { type ServedReentry, serveRepositories } from './support/served-reentry.ts';
import { joinAsOwner, type SignedIn } from './support/sign-in.ts';
import { editStoredPayload } from './support/stored-payload.ts';

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
  await served.stop();
});

interface Bundle {
  readonly payload: string;
  readonly proof: readonly string[];
  readonly checkpoint: string;
}

/** On the way from the server to the page, as a proxy or a dishonest server would. */
const onTheWay: readonly (readonly [what: string, step: RegExp, edit: (bundle: Bundle) => Bundle])[] = [
  ['payload', /payload|commitment|statement/i, (bundle) => ({ ...bundle, payload: flipped(bundle.payload) })],
  [
    'proof',
    /inclusion|proof/i,
    (bundle) => ({ ...bundle, proof: bundle.proof.map((hash, at) => (at === 0 ? flipped(hash) : hash)) }),
  ],
  [
    'checkpoint',
    /checkpoint/i,
    (bundle) => ({
      ...bundle,
      checkpoint: bundle.checkpoint.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`),
    }),
  ],
];

test.each(onTheWay)('one changed byte of the %s on its way fails visibly', async (_, step, edit) => {
  await onChange(async (page) => {
    await page.route('**/api/v1/evidence?*', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: edit((await response.json()) as Bundle) });
    });

    await page.getByRole('button', { name: 'Verify here' }).click();

    const wrong = page.locator('li[data-result="violated"]');
    await wrong.first().waitFor();
    expect((await wrong.allInnerTexts()).join('\n')).toMatch(step);
    await expect.poll(() => page.getByRole('status').first().textContent()).toMatch(/violated/i);
  });
});

test('what is intact says so, with every step', async () => {
  await onChange(async (page) => {
    await page.getByRole('button', { name: 'Verify here' }).click();

    await page.getByRole('list', { name: 'Steps of the verification' }).waitFor();
    expect(await page.locator('li[data-result="satisfied"]').count()).toBeGreaterThanOrEqual(6);
    expect(await page.locator('[data-result="violated"]').count()).toBe(0);
  });
});

test('one changed byte of the stored checkpoint fails visibly', async () => {
  const file = join(served.dataFolder, 'logs', 'evidence', 'checkpoint');
  const whole = await readFile(file);
  const damaged = Buffer.from(whole);
  // In the root's Base64: still a well-formed note, signed by nobody.
  const at = damaged.indexOf('\n', damaged.indexOf('\n') + 1) + 3;
  damaged[at] = damaged[at] === 0x41 ? 0x42 : 0x41;
  await writeFile(file, damaged);
  try {
    await onChange(async (page) => {
      await page.getByRole('button', { name: 'Verify here' }).click();
      await failure(page).waitFor();
    });
  } finally {
    await writeFile(file, whole);
  }
});

test('one changed byte of a stored tile fails visibly', async () => {
  const folder = join(served.dataFolder, 'logs', 'evidence', 'tile', '0');
  const name = (await readdir(folder, { recursive: true, withFileTypes: true })).find((entry) =>
    entry.isFile(),
  );
  if (!name) throw new Error('the log has no tile');
  const file = join(name.parentPath, name.name);
  const whole = await readFile(file);
  await writeFile(
    file,
    whole.map((byte) => byte ^ 1),
  );
  try {
    await onChange(async (page) => {
      await page.getByRole('button', { name: 'Verify here' }).click();
      await failure(page).waitFor();
    });
  } finally {
    await writeFile(file, whole);
  }
});

test('one changed byte of the stored payload fails visibly', async () => {
  await onChange(async (page) => {
    await editStoredPayload(served.dataFolder, 'evidence');

    await page.getByRole('button', { name: 'Verify here' }).click();

    await failure(page).waitFor();
  });
});

/** A step that is violated, or the server's own refusal to hand out what it found damaged. */
function failure(page: Page) {
  return page
    .locator('#verify')
    .locator('li[data-result="violated"]')
    .or(page.locator('#verify').getByText(/LOG_FORMAT|LOG_DIVERGED|EVIDENCE_INVALID/))
    .first();
}

async function onChange(work: (page: Page) => Promise<void>): Promise<void> {
  const view = views[0] as (typeof views)[number];
  const { page, context } = await openAudited(browser, view, { url: served.url, storage });
  try {
    await page.goto('/change?repo=local/shop&id=pr/5');
    await page.getByRole('heading', { level: 1, name: /Rework the cart/ }).waitFor();
    await work(page);
  } finally {
    await context.close();
  }
}

function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  const middle = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  return bytes.toString('base64');
}
