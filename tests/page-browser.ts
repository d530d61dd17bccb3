import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { createArtifacts } from '@headstart/core';
import { findChromium } from './chromium.ts';
import { DevTools } from './dev-tools.ts';

/** The checker of accessible pages. MPL-2.0: fetched for tests, never shipped. */
const AXE = {
  uri: 'npm:axe-core@4.14.1',
  archiveSha256: 'e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745',
  include: ['axe.min.js'],
};

/** How a page is looked at. */
export interface PageView {
  /** CSS pixels. */
  readonly width: number;
  readonly theme: 'light' | 'dark';
}

/** The windows in which pages are checked: a telephone, a laptop, a wide screen, each in both themes. */
export const PAGE_VIEWS: readonly PageView[] = [360, 1280, 1920].flatMap((width) =>
  (['light', 'dark'] as const).map((theme) => ({ width, theme })),
);

const HEIGHT = 900;

/** A page that is open in a browser. */
export interface OpenPage {
  /** Addresses that the page asked for, its own and `data:` ones apart. */
  readonly requests: readonly string[];
  look(view: PageView): Promise<void>;
  /** The value of a JavaScript expression in the page, plain JSON; a promise's is awaited. */
  evaluate<T>(expression: string): Promise<T>;
  /** What axe has to say against the page as it is looked at: a line for each rule with the first element that breaks it. */
  violations(): Promise<string[]>;
  /** The whole page as a PNG. */
  screenshot(): Promise<Buffer>;
  /** The page as it is printed. */
  pdf(): Promise<Buffer>;
  close(): Promise<void>;
}

/** A browser for pages that are looked at and checked; `BROWSER_HERE` says whether there is one. */
export interface PageBrowser {
  /** @param address an absolute path or a URL */
  open(address: string): Promise<OpenPage>;
  close(): Promise<void>;
}

export async function openPageBrowser(): Promise<PageBrowser> {
  const [chromium, axe] = await Promise.all([findChromium(), readAxe()]);
  const browser = chromium.start(
    ['--hide-scrollbars', '--remote-debugging-pipe'],
    ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  );
  const [, , , input, output] = browser.stdio as unknown as [null, null, null, Writable, Readable];
  const tools = new DevTools(input, output);
  const ended = once(browser, 'exit').then(() => tools.end());
  return {
    open: (address) => openPage(tools, axe, address),
    async close() {
      browser.kill('SIGKILL');
      await ended;
      await chromium.remove();
    },
  };
}

async function readAxe(): Promise<string> {
  const { path } = await createArtifacts().package(AXE);
  return readFile(join(path, 'axe.min.js'), 'utf8');
}

async function openPage(tools: DevTools, axe: string, address: string): Promise<OpenPage> {
  const url = address.startsWith('/') ? pathToFileURL(address).href : address;
  const { targetId } = await tools.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await tools.send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
  const send = <T>(method: string, params = {}) => tools.send<T>(method, params, sessionId);
  const requests: string[] = [];
  tools.on('Network.requestWillBeSent', sessionId, (event) => {
    const asked = (event as { request: { url: string } }).request.url;
    if (asked !== url && !asked.startsWith('data:')) requests.push(asked);
  });
  await Promise.all([send('Page.enable'), send('Network.enable')]);
  const loaded = new Promise<void>((resolve) => tools.on('Page.loadEventFired', sessionId, () => resolve()));
  await send('Page.navigate', { url });
  await loaded;
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await send<{
      result: { value: T };
      exceptionDetails?: { text: string; exception?: { description?: string } };
    }>('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const bytes = async (method: string, params: object) =>
    Buffer.from((await send<{ data: string }>(method, params)).data, 'base64');
  return {
    requests,
    evaluate,
    async look({ width, theme }) {
      await send('Emulation.setDeviceMetricsOverride', { width, height: HEIGHT, deviceScaleFactor: 1, mobile: false });
      await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: theme }] });
    },
    violations: () =>
      evaluate<string[]>(`(async () => {
        if (!globalThis.axe) { ${axe} }
        const { violations } = await axe.run({ resultTypes: ['violations'] });
        return violations.map(({ id, help, nodes }) => id + ': ' + help + ', ' + nodes.length + ' times: ' + nodes[0].target + ' ' + (nodes[0].any[0]?.message ?? ''));
      })()`),
    screenshot: () => bytes('Page.captureScreenshot', { captureBeyondViewport: true }),
    pdf: () => bytes('Page.printToPDF', { printBackground: false, preferCSSPageSize: true }),
    async close() {
      await tools.send('Target.closeTarget', { targetId });
    },
  };
}
