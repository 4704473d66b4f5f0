import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

export interface View {
  readonly width: 1440 | 390;
  readonly scheme: 'light' | 'dark';
}

export const views: readonly View[] = [
  { width: 1440, scheme: 'light' },
  { width: 1440, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
];

export interface AuditedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the console and of scripts so far, refused requests included. */
  readonly complaints: readonly string[];
  /** Looks at what is shown now: accessibility, layout shift, console; keeps a screenshot where SHOTS names a folder. */
  audit(name: string): Promise<void>;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page whose console and layout are watched from its first moment on. */
export async function openAudited(
  browser: Browser,
  view: View,
  options: { readonly url: string; readonly storage?: Awaited<ReturnType<BrowserContext['storageState']>> },
): Promise<AuditedPage> {
  const context = await browser.newContext({
    baseURL: options.url,
    viewport: { width: view.width, height: view.width === 1440 ? 900 : 844 },
    colorScheme: view.scheme,
    reducedMotion: 'reduce',
    acceptDownloads: true,
    ...(options.storage ? { storageState: options.storage } : {}),
  });
  await context.addInitScript(watchLayout);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog opened: ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  return { page, context, complaints, audit: (name) => audit(page, view, complaints, name) };
}

async function audit(page: Page, view: View, complaints: readonly string[], name: string): Promise<void> {
  await screenshot(page, view, name);
  await page.evaluate(axe);
  const found = await page.evaluate(seriousViolations);
  expect(found, `accessibility of ${name}`).toEqual([]);
  expect(await page.evaluate(layoutShift), `layout shift of ${name}`).toBeLessThan(0.1);
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    `${name} is wider than the window`,
  ).toBeLessThanOrEqual(0);
  expect(complaints, `console of ${name}`).toEqual([]);
}

async function screenshot(page: Page, { width, scheme }: View, name: string): Promise<void> {
  const folder = process.env.SHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
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

function layoutShift(): number {
  return (globalThis as unknown as Watched).shifted ?? 0;
}

async function seriousViolations(): Promise<readonly string[]> {
  const { violations } = await (globalThis as unknown as Watched).axe.run({ resultTypes: ['violations'] });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}
