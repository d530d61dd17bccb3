import { execFile, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeZip, serve, sha256, type TestServer } from './testing/make-archives.ts';
import { containing } from './testing/matchers.test.kit.ts';

const content = createHash('sha512').update('seed').digest().toString('hex').repeat(20_000);
const digest = sha256(Buffer.from(content));

let folder: string;
let server: TestServer | undefined;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'headstart-processes-'))));
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

const CHILD = [
  ...['--conditions=@headstart/source', '--import', import.meta.resolve('tsx')],
  join(import.meta.dirname, 'fetch-file.test.child.ts'),
];

interface Outcome {
  path?: string;
  cached?: boolean;
  code?: string;
  message?: string;
}

function fetchInChild(uri: string, pinned?: string): { child: ChildProcess; outcome: Promise<Outcome> } {
  let child!: ChildProcess;
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child = execFile(
      process.execPath,
      [...CHILD, join(folder, 'cache'), uri, ...(pinned ? [pinned] : [])],
      (error, stdout, stderr) => {
        if (stdout) resolve(JSON.parse(stdout) as Outcome);
        else reject(error ?? new Error(stderr));
      },
    );
  });
  return { child, outcome };
}

describe('two processes that want the same', () => {
  it('file fetch it once between them', async () => {
    server = await serve((_, response) =>
      response.write(content.slice(0, 1000), () => setTimeout(() => response.end(content.slice(1000)), 700)),
    );
    const outcomes = await Promise.all([1, 2, 3].map(() => fetchInChild(`${server!.url}/model.bin`, digest).outcome));
    expect(server.requests).toHaveLength(1);
    expect(outcomes.map(({ cached }) => cached).sort()).toEqual([false, true, true]);
    expect(new Set(outcomes.map(({ path }) => path)).size).toBe(1);
    expect(sha256(await readFile(outcomes[0]!.path!))).toBe(digest);
  });

  it('package unpack it once between them', async () => {
    const zip = makeZip(Array.from({ length: 200 }, (_, index) => ({ name: `files/${index}`, data: `${index}` })));
    server = await serve((_, response) => setTimeout(() => response.end(zip), 500));
    const outcomes = await Promise.all(
      [1, 2].map(() => fetchInChild(`package ${server!.url}/data.zip`, sha256(zip)).outcome),
    );
    expect(server.requests).toHaveLength(1);
    expect(outcomes.map(({ cached }) => cached).sort()).toEqual([false, true]);
    for (const { path } of outcomes) expect(await readdir(join(path!, 'files'))).toHaveLength(200);
  });
});

describe('a process killed in the middle of a download', () => {
  it('leaves what its successor continues, without waiting for its lock to grow old', async () => {
    const half = content.length / 2;
    let serving!: () => void;
    const started = new Promise<void>((resolve) => (serving = resolve));
    server = await serve((request, response) => {
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const headers = { etag: '"v1"', 'content-length': content.length - start };
      if (start > 0)
        response
          .writeHead(206, { ...headers, 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` })
          .end(content.slice(start));
      else if (server!.requests.length === 1)
        response.writeHead(200, headers).write(content.slice(0, half), () => serving());
      else response.writeHead(200, headers).end(content);
    });
    const uri = `${server.url}/model.bin`;
    const first = fetchInChild(uri, digest);
    const ended = expect(first.outcome).rejects.toThrow();
    await started;
    // Half has been sent; the bytes are on their way to the file.
    await expect
      .poll(() => readdir(join(folder, 'cache', 'partial')).catch(() => []), { timeout: 10_000 })
      .toHaveLength(2);
    first.child.kill('SIGKILL');
    await ended;
    expect(await fetchInChild(uri, digest).outcome).toMatchObject({ cached: false, sha256: digest });
    expect(await readdir(join(folder, 'cache', 'partial'))).toEqual([]);
    expect(server.requests).toHaveLength(2);
  });
});

const canMount =
  process.platform === 'linux' && spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0;

describe('a device that is full', () => {
  it.skipIf(!canMount).each([
    ['file', () => `${server!.url}/model.bin`],
    ['package', () => `package ${server!.url}/data.zip`],
  ])('is named, and nothing of the %s is kept', async (_, uri) => {
    // The archive fits on the device; what comes out of it does not.
    const zip = makeZip([
      { name: 'small', data: 'small' },
      { name: 'large', data: Buffer.alloc(2 ** 20, content), deflate: true },
    ]);
    server = await serve((request, response) => response.end(request.url === '/data.zip' ? zip : content));
    const script = 'mount -t tmpfs -o size=512k tmpfs "$0" && "$@"; find "$0" -type f -not -path "*/locks/*"';
    const run = await new Promise<string>((resolve) =>
      execFile(
        'unshare',
        ['-rm', 'sh', '-c', script, folder, process.execPath, ...CHILD, join(folder, 'cache'), uri()],
        (_error, stdout) => resolve(stdout),
      ),
    );
    const [outcome, ...files] = run.trim().split('\n');
    expect(JSON.parse(outcome!)).toMatchObject({ code: 'storage-full', message: containing(folder) });
    // The archive of the package is whole and stays; nothing unpacked does.
    expect(files.filter((file) => !/\/files\/[^/]+\/(archive|record\.json)$/.test(file))).toEqual([]);
  });
});
