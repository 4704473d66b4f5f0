import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStory } from '../support/story-repository.ts';
import { type AuditedWindow, narrow, openAudited } from './support/audited-page.ts';
import { launchChromium } from './support/chromium.ts';
import { type ServedReentry, serveRepositories } from './support/served-reentry.ts';
import { joinAsOwner } from './support/sign-in.ts';
import { editStoredPayload } from './support/stored-payload.ts';

let browser: Browser;
let served: ServedReentry;
let inside: AuditedWindow;

beforeAll(async () => {
  [browser, served] = await Promise.all([
    launchChromium(),
    serveRepositories((place) => [createStory(join(place, 'shop')).path]),
  ]);
  inside = await openAudited(browser, narrow, {
    url: served.url,
    storage: await joinAsOwner(browser, served),
  });
});

afterAll(async () => {
  await browser.close();
  await served.stop();
});

/** Of the record of the change that the tests look at. */
const index = 5;

type Place = readonly [name: string, check: (page: Page) => Promise<void>];

/** Where the browser asks the server for the record, and checks it. */
const fetching: readonly Place[] = [
  [
    'Verify here',
    async (page) => {
      await page.goto('/change?repo=local/shop&id=pr/5');
      await page.getByRole('heading', { level: 1, name: /Rework the cart/ }).waitFor();
      await page
        .getByRole('region', { name: 'Verify here' })
        .getByRole('button', { name: 'Verify here' })
        .click();
    },
  ],
  ['the page verify', (page) => page.goto(`/verify?log=evidence&index=${index}`).then(() => undefined)],
];

const dropping: Place = [
  'a file given to the page verify',
  async (page) => {
    await page.goto('/verify');
    const bundle = await page.evaluate(
      async (at) => (await fetch(`/api/v1/evidence/file?log=evidence&index=${at}&format=bundle`)).text(),
      index,
    );
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'record.json', mimeType: 'application/json', buffer: Buffer.from(bundle) });
  },
];

interface Bundle {
  readonly payload: string;
  readonly proof: readonly string[];
  readonly checkpoint: string;
}

/** On the way from the server to the page, as a proxy or a dishonest server would. */
const onTheWay: readonly (readonly [what: string, failing: string, edit: (bundle: Bundle) => Bundle])[] = [
  [
    'payload',
    'Commitment of the entry to the payload',
    (bundle) => ({ ...bundle, payload: flippedBase64(bundle.payload) }),
  ],
  [
    'proof',
    'Place of the leaf under the log’s root',
    ({ proof: [first = '', ...rest], ...bundle }) => ({ ...bundle, proof: [flippedBase64(first), ...rest] }),
  ],
  [
    'checkpoint',
    'The log’s signature on that root',
    (bundle) => ({ ...bundle, checkpoint: flippedRoot(Buffer.from(bundle.checkpoint)).toString() }),
  ],
];

describe.each([...fetching, dropping])('%s', (name, check) => {
  test('says of what is intact that it is, with every step', async () => {
    await inside.onPage(async ({ page }) => {
      await check(page);

      await verdict(page, 'satisfied').waitFor();
      expect(await steps(page, 'satisfied').count()).toBeGreaterThanOrEqual(6);
      expect(await page.locator('[data-result="violated"]').count()).toBe(0);
    });
  });

  test.each(onTheWay)('shows one changed byte of the %s on its way', async (what, failing, edit) => {
    await inside.onPage(async ({ page, audit }) => {
      await page.route(/\/api\/v1\/evidence(\/file)?\?/, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: edit((await response.json()) as Bundle) });
      });

      await check(page);

      await steps(page, 'violated').filter({ hasText: failing }).waitFor();
      await verdict(page, 'violated').waitFor();
      if (what === 'proof') await audit(`changed-${what}-in-${name.replaceAll(' ', '-')}`);
    });
  });
});

describe.each(fetching)('%s', (_, check) => {
  test('shows one changed byte of the stored checkpoint', async () => {
    const file = join(served.dataFolder, 'logs', 'evidence', 'checkpoint');

    await withDamaged(file, flippedRoot, async () => {
      await inside.onPage(async ({ page }) => {
        await check(page);
        await failure(page).waitFor();
      });
    });
  });

  test('shows one changed byte of a stored tile', async () => {
    const file = await onlyFile(join(served.dataFolder, 'logs', 'evidence', 'tile', '0'));

    await withDamaged(file, flippedMiddle, async () => {
      await inside.onPage(async ({ page }) => {
        await check(page);
        await failure(page).waitFor();
      });
    });
  });

  test('shows one changed bit of the stored payload', async () => {
    await editStoredPayload(served.dataFolder, 'evidence');
    try {
      await inside.onPage(async ({ page }) => {
        await check(page);
        await failure(page).waitFor();
      });
    } finally {
      await editStoredPayload(served.dataFolder, 'evidence');
    }
  });
});

function verdict(page: Page, result: 'satisfied' | 'violated') {
  return page.locator(`[role="status"][data-result="${result}"]`);
}

function steps(page: Page, result: 'satisfied' | 'violated') {
  return page
    .getByRole('list', { name: 'Steps of the verification' })
    .locator(`> li[data-result="${result}"]`);
}

/** A verdict that something is violated, or the server's own refusal to hand out what it found damaged. */
function failure(page: Page) {
  return verdict(page, 'violated').or(page.getByText(/LOG_FORMAT|LOG_DIVERGED|EVIDENCE_INVALID/));
}

async function withDamaged(file: string, damage: (whole: Buffer) => Buffer, work: () => Promise<void>) {
  const whole = await readFile(file);
  await writeFile(file, damage(Buffer.from(whole)));
  try {
    await work();
  } finally {
    await writeFile(file, whole);
  }
}

async function onlyFile(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  expect(files).toHaveLength(1);
  return files.map(({ parentPath, name }) => join(parentPath, name))[0] ?? '';
}

function flippedMiddle(bytes: Buffer): Buffer {
  const middle = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  return bytes;
}

function flippedBase64(text: string): string {
  return flippedMiddle(Buffer.from(text, 'base64')).toString('base64');
}

/** In the Base64 of the root: still a well-formed note, signed by nobody. */
function flippedRoot(note: Buffer): Buffer {
  const at = note.indexOf('\n', note.indexOf('\n') + 1) + 3;
  note[at] = note[at] === 0x41 ? 0x42 : 0x41;
  return note;
}
