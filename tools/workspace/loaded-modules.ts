import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from './root.mjs';

const recorder = join(workspaceRoot, 'tools', 'workspace', 'record-modules.mjs');

/** A program that has ended, with the files of all modules that it loaded. */
export interface LoadedModules {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly files: readonly string[];
}

/** Runs a program of node to its end. @param args its file and arguments, after those for node itself */
export function loadedModules(args: readonly string[], env: NodeJS.ProcessEnv = process.env): LoadedModules {
  const folder = mkdtempSync(join(tmpdir(), 'headstart-modules-'));
  try {
    const list = join(folder, 'modules');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', recorder, ...args], {
      encoding: 'utf8',
      env: { ...env, HEADSTART_MODULES_FILE: list },
    });
    return { status, stdout, stderr, files: readFileSync(list, 'utf8').split('\n') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
