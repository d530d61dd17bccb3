import { EventEmitter, once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { findChromium, type Chromium } from './chromium.ts';

export { BROWSER_HERE } from './chromium.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** What a page has beside its script and the folders. */
export interface PageExtras {
  /** Its import map. */
  readonly imports?: Readonly<Record<string, string>>;
  /** Scripts by their paths. */
  readonly scripts?: Readonly<Record<string, string>>;
}

/** A browser for pages whose script gives one result. */
export interface Browser {
  /**
   * Runs a module in a page. What it exports as default, a function, is called and gives the result, plain JSON.
   * @param folders that the page sees, by the first part of their paths: `{ model: … }` lies at `/model/`
   */
  run<T>(script: string, folders: Readonly<Record<string, string>>, extras?: PageExtras): Promise<T>;
  close(): Promise<void>;
}

export async function openBrowser(): Promise<Browser> {
  const chromium = await findChromium();
  return {
    run: (script, folders, extras = {}) => runPage(chromium, { script, folders, ...extras }),
    close: () => chromium.remove(),
  };
}

async function runPage<T>(chromium: Chromium, content: PageContent): Promise<T> {
  const outcomes = new EventEmitter();
  const outcome = once(outcomes, 'outcome') as Promise<[Outcome<T>]>;
  const server = await serve(content, (found) => outcomes.emit('outcome', found));
  const { port } = server.address() as AddressInfo;
  const browser = chromium.start([`http://127.0.0.1:${port}/`], ['ignore', 'ignore', 'pipe']);
  let said = '';
  browser.stderr!.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  const ended = once(browser, 'exit');
  try {
    const [found] = await Promise.race([
      outcome,
      ended.then(([code]) => [{ error: `The browser ended with ${String(code)}:\n${said}` }] as const),
    ]);
    if ('error' in found) throw new Error(found.error);
    return found.result;
  } finally {
    browser.kill('SIGKILL');
    await ended;
    server.closeAllConnections();
    server.close();
  }
}

type Outcome<T> = { readonly result: T } | { readonly error: string };

type PageContent = PageExtras & {
  readonly script: string;
  readonly folders: Readonly<Record<string, string>>;
};

async function serve(
  { script, folders, imports = {}, scripts = {} }: PageContent,
  done: (outcome: unknown) => void,
): Promise<Server> {
  const page = `<!doctype html><title>test</title><script type="importmap">${JSON.stringify({ imports })}</script><script type="module">
    const tell = (outcome) => fetch('/outcome', { method: 'POST', body: JSON.stringify(outcome) });
    addEventListener('unhandledrejection', ({ reason }) => tell({ error: String(reason?.stack ?? reason) }));
    try { tell({ result: await (await import('/script.mjs')).default() }); } catch (error) { tell({ error: String(error?.stack ?? error) }); }
  </script>`;
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://page').pathname);
    const send = (body: string, type: string) => response.setHeader('content-type', type).end(body);
    if (path === '/') return void send(page, 'text/html');
    const text = path === '/script.mjs' ? script : scripts[path];
    if (text !== undefined) return void send(text, 'text/javascript');
    if (path === '/outcome') {
      let body = '';
      request
        .on('data', (chunk: Buffer) => (body += chunk.toString()))
        .on('end', () => {
          done(JSON.parse(body));
          response.end();
        });
      return;
    }
    const [, first = '', ...more] = normalize(path).split('/');
    const file = join(folders[first] ?? '/nowhere', ...more);
    stat(file).then(
      ({ size }) => {
        response
          .setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
          .setHeader('content-length', size);
        createReadStream(file).pipe(response);
      },
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
