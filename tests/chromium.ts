import { execFile, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Whether a browser can be used here: `CHROME_PATH` names one, on Linux one is fetched. */
export const BROWSER_HERE =
  process.env['CHROME_PATH'] !== undefined || (process.platform === 'linux' && process.arch === 'x64');

/** A browser that can be started, each time with a profile of its own. */
export interface Chromium {
  start(flags: readonly string[], stdio: StdioOptions): ChildProcess;
  /** Removes what it brought. */
  remove(): Promise<void>;
}

export async function findChromium(): Promise<Chromium> {
  const root = await mkdtemp(join(tmpdir(), 'headstart-browser-'));
  const executable = process.env['CHROME_PATH'] ?? (await unpackChromium(root));
  let started = 0;
  return {
    start: (flags, stdio) => startChromium(executable, join(root, `profile-${++started}`), flags, stdio),
    remove: () => rm(root, { recursive: true, force: true }),
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

function startChromium(executable: string, profile: string, more: readonly string[], stdio: StdioOptions) {
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
  return spawn(executable, [...flags, ...more], {
    stdio,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [libraries, process.env['LD_LIBRARY_PATH'] ?? ''].filter(Boolean).join(':'),
    },
  });
}
