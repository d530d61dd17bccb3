import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { npm } from '../workspace/npm.mjs';
import { workspaceRoot } from '../workspace/root.mjs';

/** A registry of npm packages on this machine alone. */
export interface LocalRegistry {
  /** Such as `http://127.0.0.1:4873/`. */
  readonly url: string;
  close(): Promise<void>;
}

/** How long Verdaccio may take to answer, in milliseconds: it loads in a second or two on a quiet machine. */
const PATIENCE = 60_000;

/** The registry that the user's npm is set up for. */
function userRegistry(): string {
  const { file, args, shell } = npm();
  return execFileSync(file, [...args, 'config', 'get', 'registry'], { encoding: 'utf8', shell }).trim();
}

/** Ours are never asked for elsewhere: a package of the same name there would hide that one is missing here. */
const settings = (storage: string, upstream: string, log: string) => `
storage: ${JSON.stringify(storage)}
web: { enable: false }
uplinks:
  upstream: { url: ${JSON.stringify(upstream)}, timeout: 120s, maxage: 60m, max_fails: 100 }
packages:
  'headstart*': { access: $all, publish: $all }
  '@headstart/*': { access: $all, publish: $all }
  '**': { access: $all, proxy: upstream }
max_body_size: 200mb
log: { type: file, path: ${JSON.stringify(log)}, level: warn }
`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port on 127.0.0.1.');
  return address.port;
}

/**
 * Starts Verdaccio on loopback with an empty storage of its own. What others publish, it takes from the registry that the
 * user's npm is set up for.
 * @throws Error with the end of its log where it does not come up
 */
export async function openRegistry(): Promise<LocalRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'headstart-registry-'));
  const log = join(folder, 'log');
  const config = join(folder, 'config.yaml');
  writeFileSync(config, settings(join(folder, 'storage'), userRegistry(), log));
  writeFileSync(log, '');
  const url = `http://127.0.0.1:${await freePort()}/`;
  const program = join(workspaceRoot, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
  const child = spawn(process.execPath, [program, '--config', config, '--listen', url], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-4000)));
  const ended = once(child, 'exit');
  const close = async () => {
    child.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + PATIENCE;
  while (child.exitCode === null && Date.now() < deadline) {
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) return { url, close };
    await sleep(100);
  }
  const said = `${readFileSync(log, 'utf8').slice(-2000)}\n${complaint}`.trim();
  await close();
  throw new Error(`Verdaccio did not come up on ${url}: ${said || 'it said nothing'}`);
}
