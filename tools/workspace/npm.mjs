// @ts-check
import { basename } from 'node:path';

/**
 * The npm that runs this script, or the one on the path: a program, and what comes before npm's own arguments.
 * @returns {{ file: string, args: string[], shell: boolean }} `shell` where Windows can start it in no other way
 */
export function npm() {
  const script = process.env['npm_execpath'];
  if (script && /^npm(-cli)?\.[cm]?js$/.test(basename(script)))
    return { file: process.execPath, args: [script], shell: false };
  const windows = process.platform === 'win32';
  return { file: windows ? 'npm.cmd' : 'npm', args: [], shell: windows };
}
