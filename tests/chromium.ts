import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createArtifacts } from '@headstart/core';
import { CHROMIUM_RUNS_HERE, unpackChromium } from '../tools/workspace/chromium-package.ts';

/** Whether a browser can be used here: `CHROME_PATH` names one, on Linux one is fetched. */
export const BROWSER_HERE = process.env['CHROME_PATH'] !== undefined || CHROMIUM_RUNS_HERE;

/** A browser that can be started, each time with a profile of its own. */
export interface Chromium {
  start(flags: readonly string[], stdio: StdioOptions): ChildProcess;
  /** Removes what it brought. */
  remove(): Promise<void>;
}

export async function findChromium(): Promise<Chromium> {
  const root = await mkdtemp(join(tmpdir(), 'headstart-browser-'));
  const executable = process.env['CHROME_PATH'] ?? (await unpack(root));
  let started = 0;
  return {
    start: (flags, stdio) => startChromium(executable, join(root, `profile-${++started}`), flags, stdio),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Gives the executable's path; its libraries lie in `lib/` beside it. */
async function unpack(root: string): Promise<string> {
  await unpackChromium(['chromium', 'al2023.tar', 'swiftshader.tar'], root, createArtifacts());
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
