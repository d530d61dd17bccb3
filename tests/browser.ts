import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { createArtifacts } from '@headstart/core';

/** Chromium without a screen, for Linux on x86-64, with the libraries that it needs beside glibc. MIT and BSD. */
const CHROMIUM = {
  uri: 'npm:@sparticuz/chromium@147.0.0',
  archiveSha256: '18fe5404ce845594cd7d592fc07f37a19514079ba4d9c27192ad8b908743f16b',
  include: ['bin'],
};
const LIBRARIES = ['al2023.tar', 'swiftshader.tar'];
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

/** A browser for pages whose script gives one result: `CHROME_PATH` names one, on Linux one is fetched. */
export interface Browser {
  /**
   * Runs a module in a page. What it exports as default, a function, is called and gives the result, plain JSON.
   * @param folders that the page sees, by the first part of their paths: `{ model: … }` lies at `/model/`
   */
  run<T>(script: string, folders: Readonly<Record<string, string>>, extras?: PageExtras): Promise<T>;
  close(): Promise<void>;
}

/** Whether a browser can be used here. */
export const BROWSER_HERE =
  process.env['CHROME_PATH'] !== undefined || (process.platform === 'linux' && process.arch === 'x64');

export async function openBrowser(): Promise<Browser> {
  const root = await mkdtemp(join(tmpdir(), 'headstart-browser-'));
  const executable = process.env['CHROME_PATH'] ?? (await unpackChromium(root));
  let pages = 0;
  return {
    run: (script, folders, extras = {}) =>
      runPage(executable, join(root, `profile-${++pages}`), { script, folders, ...extras }),
    close: () => rm(root, { recursive: true, force: true }),
  };
}

/** Gives the executable's path; its libraries lie in `lib/` beside it. */
async function unpackChromium(root: string): Promise<string> {
  const { path } = await createArtifacts().package(CHROMIUM);
  for (const name of ['chromium', ...LIBRARIES]) {
    await pipeline(
      createReadStream(join(path, 'bin', `${name}.br`)),
      createBrotliDecompress(),
      createWriteStream(join(root, name)),
    );
  }
  for (const name of LIBRARIES) await promisify(execFile)('tar', ['-xf', join(root, name), '-C', root]);
  const executable = join(root, 'chromium');
  await chmod(executable, 0o755);
  return executable;
}

async function runPage<T>(executable: string, profile: string, content: PageContent): Promise<T> {
  await mkdir(profile);
  const outcomes = new EventEmitter();
  const outcome = once(outcomes, 'outcome') as Promise<[Outcome<T>]>;
  const server = await serve(content, (found) => outcomes.emit('outcome', found));
  const { port } = server.address() as AddressInfo;
  const browser = start(executable, profile, `http://127.0.0.1:${port}/`);
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

function start(executable: string, profile: string, url: string): ChildProcess {
  const flags = [
    '--headless',
    '--no-sandbox',
    '--no-zygote',
    '--no-first-run',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    `--user-data-dir=${profile}`,
  ];
  const libraries = join(executable, '..', 'lib');
  return spawn(executable, [...flags, url], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [libraries, process.env['LD_LIBRARY_PATH'] ?? ''].filter(Boolean).join(':'),
    },
  });
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
