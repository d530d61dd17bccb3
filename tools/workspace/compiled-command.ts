import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { workspaceRoot } from './root.mjs';

let compiled = false;

/**
 * The `headstart` command in JavaScript, as its packages' `dist` folders have it: it starts in a third of the time that
 * it takes from the sources. What is out of date is compiled first.
 * @returns its path
 */
export function compiledCommand(): string {
  if (!compiled) {
    const tsc = join(workspaceRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-b', join(workspaceRoot, 'packages', 'cli')], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`The command does not compile:\n${stdout}`);
    compiled = true;
  }
  return join(workspaceRoot, 'packages', 'cli', 'dist', 'main.js');
}
