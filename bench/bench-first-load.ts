import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchChromium } from '../test/browser/support/chromium.ts';
import type { PageDatabase } from './page-database.ts';
import { median, type Ratio } from './ratio.ts';
import { type ServedPages, servePages } from './served-pages.ts';

const dist = new URL('../web/dist/', import.meta.url).pathname;

/**
 * The first page of somebody who is signed in and has nothing of it in the browser's cache: what it transfers, and how long it takes
 * against a page without scripts that shows the same and transfers as many bytes.
 */
export async function* benchFirstLoad(database: PageDatabase, rounds: number): AsyncGenerator<Ratio> {
  await using served = await servePages(database, 1);
  const browser = await launchChromium();
  const loaded = await watchLoad(browser, served);
  const still = await serveStill(loaded);
  try {
    for (const encoding of ['gzip', 'br'] as const) {
      const bytes = await transferred(served, loaded.scripts, encoding);
      yield {
        name: `first page, scripts as ${encoding}`,
        value: bytes / 1000,
        limit: 250,
        unit: 'kB',
        detail: `${loaded.scripts.length} files; ${(loaded.bytes / 1000).toFixed(0)} kB with style, data and shell, as the browser asks for them`,
      };
    }
    const url = `http://127.0.0.1:${(still.address() as AddressInfo).port}/`;
    const times: { readonly ours: Load; readonly still: Load }[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const both = { ours: await load(browser, served, served.url), still: await load(browser, served, url) };
      if (round > 0) times.push(both);
    }
    const ours = median(times.map((both) => both.ours.readyMs));
    const plain = median(times.map((both) => both.still.readyMs));
    yield {
      name: 'first page / page without scripts',
      value: ours / plain,
      limit: 2,
      unit: '×',
      detail: `ready for clicks with its data after ${ours.toFixed(0)} ms to ${plain.toFixed(0)} ms`,
    };
    yield {
      name: 'first page, layout shift',
      value: Math.max(...times.map((both) => both.ours.shift)),
      limit: 0.01,
      unit: 'CLS',
      detail: 'the most of all loads',
    };
  } finally {
    still.close();
    await browser.close();
  }
}

interface WatchedLoad {
  readonly scripts: readonly string[];
  /** Of all answers' bodies, as they came over the wire. */
  readonly bytes: number;
  /** What the page shows in the end, with its style sheets and without scripts. */
  readonly html: string;
}

async function watchLoad(browser: Browser, served: ServedPages): Promise<WatchedLoad> {
  const context = await signedIn(browser, served, served.url);
  const page = await context.newPage();
  const sizes: Promise<{ readonly path: string; readonly isScript: boolean; readonly bytes: number }>[] = [];
  page.on('requestfinished', (request) => {
    const { pathname: path } = new URL(request.url());
    const isScript = request.resourceType() === 'script';
    sizes.push(request.sizes().then(({ responseBodySize }) => ({ path, isScript, bytes: responseBodySize })));
  });
  await page.goto(served.url);
  await page.locator(lastLink).first().waitFor();
  await page.waitForLoadState('networkidle');
  const html = await page.evaluate<string>(withoutScripts);
  const all = await Promise.all(sizes);
  await context.close();
  return {
    scripts: all.filter(({ isScript }) => isScript).map(({ path }) => path),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    html: `<!doctype html>${html}`,
  };
}

/** The last thing on the page that leads on; it stands there once the data do. */
const lastLink = 'main a[href^="/change?"]';
// Code of the page, not of Node.
const withoutScripts = `(() => {
  for (const one of document.querySelectorAll('script, link[rel=modulepreload], link[rel=preload]')) one.remove();
  return document.documentElement.outerHTML;
})()`;
/** Notes when a frame with everything on it was made and the page would answer a click, and sums up layout shift. */
const watch = `
  let shift = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) shift += value;
    if (document.documentElement) document.documentElement.dataset.shift = shift;
  }).observe({ type: 'layout-shift', buffered: true });
  const isReady = () =>
    document.readyState === 'complete' && document.querySelector('main h1') && document.querySelector('${lastLink}');
  const look = () => {
    if (!isReady()) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => {
      document.documentElement.dataset.readyMs = performance.now();
    }));
  };
  look();`;

interface Load {
  readonly readyMs: number;
  readonly shift: number;
}

async function load(browser: Browser, served: ServedPages, url: string): Promise<Load> {
  const context = await signedIn(browser, served, url);
  await context.addInitScript(watch);
  const page = await context.newPage();
  await page.goto(url);
  const ready = page.locator('html[data-ready-ms]');
  await ready.waitFor({ state: 'attached' });
  await page.waitForLoadState('networkidle');
  const [readyMs, shift] = [
    await ready.getAttribute('data-ready-ms'),
    await ready.getAttribute('data-shift'),
  ];
  await context.close();
  return { readyMs: Number(readyMs), shift: Number(shift) };
}

async function signedIn(
  browser: Browser,
  { url, cookie }: ServedPages,
  baseURL: string,
): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 } });
  const [name = '', ...value] = cookie.split('=');
  await context.addCookies([{ name, value: value.join('='), url }]);
  return context;
}

/** Bytes of the bodies in that encoding. */
async function transferred(
  { url }: ServedPages,
  paths: readonly string[],
  encoding: 'gzip' | 'br',
): Promise<number> {
  const sizes = await Promise.all(
    paths.map(
      (path) =>
        new Promise<number>((done, failed) => {
          get(new URL(path, url), { headers: { 'accept-encoding': encoding } }, (answer) => {
            let bytes = 0;
            answer.on('data', (chunk: Buffer) => {
              bytes += chunk.length;
            });
            answer.on('end', () => done(bytes));
          }).on('error', failed);
        }),
    ),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** The page as it looks in the end, padded in its head to what the real one transfers; style sheets are files beside it. */
async function serveStill({ html, bytes }: WatchedLoad): Promise<Server> {
  const sheets = new Map<string, Buffer>();
  for (const [, path = ''] of html.matchAll(/<link[^>]* href="(\/assets\/[^"]+\.css)"/g))
    sheets.set(path, await readFile(join(dist, `${path}.br`)));
  const padding =
    bytes - Buffer.byteLength(html) - [...sheets.values()].reduce((sum, one) => sum + one.length, 0);
  const padded = html.replace('<head>', () => `<head><!--${'x'.repeat(Math.max(0, padding - 7))}-->`);
  const server = createServer(({ url = '' }, answer) => {
    const sheet = sheets.get(url);
    if (sheet) {
      answer.writeHead(200, { 'content-type': 'text/css', 'content-encoding': 'br' }).end(sheet);
      return;
    }
    answer
      .writeHead(url === '/' ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' })
      .end(url === '/' ? padded : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
