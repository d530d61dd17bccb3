import {
  access,
  constants,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createArtifacts, HeadstartError, type Artifacts, type PackageRef } from '@headstart/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLibraryFiles } from '../libtensorflow/library-files.ts';
import { damagedLibrary, libraryFolder, locateLibrary } from '../libtensorflow/locate.ts';
import { assemble } from './assemble.ts';
import { installBackend } from './install.ts';

let home: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'headstart-install-'));
  env = { PATH: process.env.PATH, HOME: home, HEADSTART_CACHE: join(home, 'cache') };
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function writeTree(root: string, files: Record<string, string>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

/** Writes a file anew: the old one may be a link to the package's. */
async function replace(path: string, content: string): Promise<void> {
  await rm(path);
  await writeFile(path, content);
}

/** Packages that are unpacked already: what core's artifacts return. */
class UnpackedPackages implements Artifacts {
  readonly asked: PackageRef[] = [];

  constructor(private readonly folders: Record<string, string>) {}

  async package(ref: PackageRef) {
    this.asked.push(ref);
    const name = /^pypi:([^@]+)@/.exec(ref.uri)![1]!;
    return { path: this.folders[name]!, archiveSha256: ref.archiveSha256!, cached: true };
  }

  file(): never {
    throw new Error('no single file is asked for');
  }
}

const LIBRARIES = { 'tensorflow/libtensorflow_cc.so.2': 'cc', 'tensorflow/libtensorflow_framework.so.2': 'framework' };

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('installing libtensorflow', () => {
  it('lays out the wheel in the cache, once', async () => {
    const packages = new UnpackedPackages({ 'tensorflow-cpu': await writeTree(join(home, 'wheel'), LIBRARIES) });
    const first = await installBackend({ artifacts: packages, env });
    expect(first).toMatchObject({ variant: 'cpu', cached: false, folder: libraryFolder('cpu', env) });
    expect(await readFile(first.files.main, 'utf8')).toBe('cc');
    expect(packages.asked[0]?.archiveSha256).toMatch(/^[0-9a-f]{64}$/);

    const second = await installBackend({ artifacts: packages, env });
    expect(second).toMatchObject({ cached: true, files: first.files });
    expect(packages.asked).toHaveLength(1);
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['cut short', (path) => replace(path, 'c')],
    ['altered', (path) => replace(path, 'cd')],
    ['emptied', (path) => replace(path, '')],
  ])('replaces a library that was %s, which until then counts as none', async (_what, damage) => {
    const packages = new UnpackedPackages({ 'tensorflow-cpu': await writeTree(join(home, 'wheel'), LIBRARIES) });
    const { files } = await installBackend({ artifacts: packages, env });
    expect(locateLibrary('cpu', env)?.files).toEqual(files);
    const touched = new Date(0);
    await utimes(files.main, touched, touched);
    expect(damagedLibrary('cpu', env)).toBeUndefined();
    await damage(files.main);
    expect(locateLibrary('cpu', env)).toBeUndefined();
    expect(damagedLibrary('cpu', env)).toContain(files.main);
    const given = { ...env, HEADSTART_LIBTENSORFLOW: libraryFolder('cpu', env) };
    expect(() => locateLibrary('cpu', given)).toThrow(files.main);
    expect(await installBackend({ artifacts: packages, env })).toMatchObject({ cached: false });
    expect(await readFile(files.main, 'utf8')).toBe('cc');
    expect(locateLibrary('cpu', env)?.files).toEqual(files);
  });

  it('knows by its headers that a library of Linux is cut short, whoever put it there', async () => {
    const whole = await readFile(process.execPath);
    const folder = await writeTree(join(home, 'mine'), {
      'libtensorflow.so.2': '',
      'libtensorflow_framework.so.2': 'f',
    });
    const given = { ...env, HEADSTART_LIBTENSORFLOW: folder };
    const main = join(folder, 'libtensorflow.so.2');
    await writeFile(main, whole);
    expect(locateLibrary('cpu', given)?.files.main).toBe(main);
    for (const size of [40, 5000, whole.length - 1]) {
      await truncate(main, size);
      expect(() => locateLibrary('cpu', given)).toThrow(/is cut short: it has/);
      await writeFile(main, whole);
    }
  });

  it('reads a copy of the cache again, whatever times it keeps, and once', async () => {
    const packages = new UnpackedPackages({ 'tensorflow-cpu': await writeTree(join(home, 'wheel'), LIBRARIES) });
    const { folder } = await installBackend({ artifacts: packages, env });
    const mark = 'tensorflow/headstart-library.json';
    const copied = { ...env, HEADSTART_CACHE: join(home, 'copied') };
    const copyTo = libraryFolder('cpu', copied);
    await cp(folder, copyTo, { recursive: true, preserveTimestamps: true });
    const path = join(copyTo, 'tensorflow/libtensorflow_cc.so.2');
    const { atime, mtime } = await stat(path);
    await writeFile(path, 'cx');
    await utimes(path, atime, mtime);
    expect(damagedLibrary('cpu', copied)).toMatch(/its digest is another one/);
    await writeFile(path, 'cc');
    await utimes(path, atime, mtime);
    expect(damagedLibrary('cpu', copied)).toBeUndefined();
    // It is marked as read here.
    const renewed = await readFile(join(copyTo, mark), 'utf8');
    expect(renewed).not.toBe(await readFile(join(folder, mark), 'utf8'));
    expect(damagedLibrary('cpu', copied)).toBeUndefined();
    expect(await readFile(join(copyTo, mark), 'utf8')).toBe(renewed);
    // An image of the disk on another machine: times and inodes are the same.
    await writeFile(join(copyTo, mark), JSON.stringify({ ...(JSON.parse(renewed) as object), host: 'elsewhere' }));
    expect(damagedLibrary('cpu', copied)).toBeUndefined();
    expect(await readFile(join(copyTo, mark), 'utf8')).toBe(renewed);
    await writeFile(join(copyTo, mark), renewed.slice(0, 40));
    expect(damagedLibrary('cpu', copied)).toMatch(/is damaged/);
  });

  it('says that a library whose header is damaged is, whatever stands there', async () => {
    const folder = await writeTree(join(home, 'mine'), {
      'libtensorflow.so.2': '',
      'libtensorflow_framework.so.2': 'f',
    });
    const given = { ...env, HEADSTART_LIBTENSORFLOW: folder };
    const main = join(folder, 'libtensorflow.so.2');
    const whole = (await readFile(process.execPath)).subarray(0, 4096);
    // Offsets, sizes and numbers of the program and section headers.
    for (const [at, bytes] of [
      [32, 8],
      [40, 8],
      [54, 2],
      [58, 2],
      [56, 2],
      [60, 2],
    ] as const) {
      const damaged = Buffer.from(whole);
      damaged.fill(0xff, at, at + bytes);
      await writeFile(main, damaged);
      expect(() => locateLibrary('cpu', given), `byte ${at}`).toThrow(
        expect.objectContaining({ code: 'backend-unavailable' }),
      );
    }
  });

  it('takes the path that the user gives and fetches nothing', async () => {
    const folder = await writeTree(join(home, 'mine'), {
      'lib/libtensorflow.so.2': 'c',
      'lib/libtensorflow_framework.so.2': 'f',
    });
    const packages = new UnpackedPackages({});
    const installed = await installBackend({ artifacts: packages, env: { ...env, HEADSTART_LIBTENSORFLOW: folder } });
    expect(installed).toMatchObject({ cached: true, files: { main: join(folder, 'lib/libtensorflow.so.2') } });
    expect(packages.asked).toHaveLength(0);
  });

  it('names the path that the user gives when nothing lies there', async () => {
    await expect(installBackend({ env: { ...env, HEADSTART_LIBTENSORFLOW: '/nowhere' } })).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining('/nowhere') as unknown,
    });
  });

  it("puts NVIDIA's libraries beside the GPU build, where its run path looks", async () => {
    const packages = new UnpackedPackages({
      tensorflow: await writeTree(join(home, 'tf'), {
        ...LIBRARIES,
        'tensorflow-2.21.0.dist-info/METADATA':
          'Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"\nRequires-Dist: nvidia-nccl-cu12<3.0,>=2.27.7; extra == "and-cuda"\n',
      }),
      'nvidia-cudnn-cu12': await writeTree(join(home, 'cudnn'), {
        'nvidia/__init__.py': '',
        'nvidia/cudnn/lib/libcudnn.so.9': 'cudnn',
      }),
      'nvidia-nccl-cu12': await writeTree(join(home, 'nccl'), {
        'nvidia/__init__.py': '',
        'nvidia/nccl/lib/libnccl.so.2': 'nccl',
        'nvidia/nccl/bin/tool': '',
      }),
    });
    const { folder, variant, problem } = await installBackend({ gpu: true, artifacts: packages, env });
    expect(variant).toBe('gpu');
    // Installing serves images for other machines too; what is missing here is only reported.
    if (!existsSync('/proc/driver/nvidia/version')) expect(problem).toMatch(/NVIDIA's driver/);
    expect(await readFile(join(folder, 'nvidia/cudnn/lib/libcudnn.so.9'), 'utf8')).toBe('cudnn');
    expect(await readFile(join(folder, 'nvidia/nccl/lib/libnccl.so.2'), 'utf8')).toBe('nccl');
    // XLA starts it.
    await access(join(folder, 'nvidia/nccl/bin/tool'), constants.X_OK);
  });

  it('says what to do when no registry can be reached and nothing is cached', async () => {
    // A port that nothing listens on: pip, or the index by our own reader, finds no registry.
    const offline = {
      ...env,
      PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
      PIP_NO_INDEX: '0',
      PIP_RETRIES: '0',
      PIP_CONFIG_FILE: '/dev/null',
      PIP_DEFAULT_TIMEOUT: '2',
    };
    const failure = await installBackend({ artifacts: createArtifacts({ env: offline }), env: offline }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(HeadstartError);
    expect(failure).toMatchObject({
      code: 'artifact-unreachable',
      hint: expect.stringContaining('HEADSTART_LIBTENSORFLOW') as unknown,
    });
    await expect(stat(libraryFolder('cpu', env))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('assembling', () => {
  const isWhole = (folder: string) => findLibraryFiles(folder, 'linux') !== undefined;

  it('by several at once leaves one whole folder and nothing else', async () => {
    const source = await writeTree(join(home, 'source'), LIBRARIES);
    const target = join(home, 'out', 'library');
    await Promise.all(Array.from({ length: 8 }, () => assemble(target, [source], { isWhole })));
    expect(isWhole(target)).toBe(true);
    expect(await readdir(join(home, 'out'))).toEqual(['library']);
  });

  it('replaces a folder of which a part is gone', async () => {
    const source = await writeTree(join(home, 'source'), LIBRARIES);
    const target = await writeTree(join(home, 'out', 'library'), { 'tensorflow/libtensorflow_cc.so.2': 'old' });
    await assemble(target, [source], { isWhole });
    expect(await readFile(join(target, 'tensorflow/libtensorflow_cc.so.2'), 'utf8')).toBe('cc');
    expect(isWhole(target)).toBe(true);
    expect(await readdir(join(home, 'out'))).toEqual(['library']);
  });

  it('shows no folder before it is complete', async () => {
    const source = await writeTree(join(home, 'source'), LIBRARIES);
    const target = join(home, 'out', 'library');
    await assemble(target, [source], {
      isWhole,
      async complete(staging) {
        await expect(stat(target)).rejects.toMatchObject({ code: 'ENOENT' });
        await writeFile(join(staging, 'mark'), 'm');
      },
    });
    expect(await readFile(join(target, 'mark'), 'utf8')).toBe('m');
  });

  it('leaves nothing behind when a package is missing', async () => {
    await expect(assemble(join(home, 'out', 'library'), [join(home, 'missing')], { isWhole })).rejects.toMatchObject({
      code: 'storage-failed',
    });
    expect(await readdir(join(home, 'out'))).toEqual([]);
  });
});
