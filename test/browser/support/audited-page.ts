import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

export interface View {
  readonly width: 1440 | 390;
  /** Pages are loaded in the first one, and audited in each. */
  readonly schemes: readonly ['light' | 'dark', ...('light' | 'dark')[]];
}

export const wide: View = { width: 1440, schemes: ['light', 'dark'] };
export const narrow: View = { width: 390, schemes: ['dark', 'light'] };

export interface AuditedPage {
  readonly page: Page;
  /** Errors of the console and of scripts so far, refused requests included. */
  readonly complaints: readonly string[];
  /** Looks at what is shown now: accessibility, layout shift, width, console; keeps a screenshot where SHOTS names a folder. */
  audit(name: string): Promise<void>;
}

export interface AuditedWindow {
  readonly context: BrowserContext;
  /** In a page of its own, which is closed afterwards. */
  onPage(work: (audited: AuditedPage) => Promise<void>): Promise<void>;
}

export type SignedIn = Awaited<ReturnType<BrowserContext['storageState']>>;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Nothing that a page of a small repository shows takes longer. */
const timeoutMs = 10_000;

/** A window whose pages are watched from their first moment on; signed in where `storage` says so. */
export async function openAudited(
  browser: Browser,
  view: View,
  { url, storage }: { readonly url: string; readonly storage?: SignedIn },
): Promise<AuditedWindow> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: view.width, height: view.width === 1440 ? 900 : 844 },
    colorScheme: view.schemes[0],
    reducedMotion: 'reduce',
    acceptDownloads: true,
    ...(storage ? { storageState: storage } : {}),
  });
  context.setDefaultTimeout(timeoutMs);
  await context.addInitScript(watchLayout);
  return {
    context,
    onPage: async (work) => {
      const page = await context.newPage();
      try {
        const complaints = complaintsOf(page);
        await work({ page, complaints, audit: (name) => audit(page, view, complaints, name) });
      } finally {
        await page.close();
      }
    },
  };
}

function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog opened: ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  return complaints;
}

async function audit(page: Page, view: View, complaints: readonly string[], name: string): Promise<void> {
  await page.evaluate(axe);
  for (const scheme of view.schemes) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor();
    await page.evaluate(transitionsEnd);
    await screenshot(page, `${name}-${view.width}-${scheme}`);
    const found = await page.evaluate(seriousViolations);
    expect(found, `accessibility of ${name}, ${scheme}`).toEqual([]);
  }
  expect(await page.evaluate(layoutShift), `layout shift of ${name}`).toBeLessThan(0.1);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    `${name} is wider than the window`,
  ).toBeLessThanOrEqual(0);
  expect(complaints, `console of ${name}`).toEqual([]);
}

async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

interface Watched {
  shifted?: number;
  readonly axe: { run(options: object): Promise<{ readonly violations: readonly Violation[] }> };
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Runs in the page. Shifts right after somebody's click are expected and not counted. */
function watchLayout(): void {
  const watched = globalThis as unknown as Watched;
  watched.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as unknown as { value: number; hadRecentInput: boolean }[]) {
      if (!entry.hadRecentInput) watched.shifted = (watched.shifted ?? 0) + entry.value;
    }
  }).observe({ type: 'layout-shift' as string, buffered: true } as PerformanceObserverInit);
}

async function transitionsEnd(): Promise<void> {
  const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.allSettled(transitions.map(({ finished }) => finished));
}

function layoutShift(): number {
  return (globalThis as unknown as Watched).shifted ?? 0;
}

async function seriousViolations(): Promise<readonly string[]> {
  // Selectors are not shown, and style sheets of other hosts do not exist: both take longer than the rules.
  const { violations } = await (globalThis as unknown as Watched).axe.run({
    resultTypes: ['violations'],
    selectors: false,
    preload: false,
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}
