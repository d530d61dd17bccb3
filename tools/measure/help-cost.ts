/**
 * What it costs to be told how the command is used: user time and loaded modules of the built `headstart`, for help,
 * the version and a mistyped command. Build first.
 *
 *   npm run build && npm run measure -- help-cost
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadedModules } from '../workspace/loaded-modules.ts';
import { workspaceRoot } from '../workspace/root.mjs';

/** Runs of which the middle one counts. */
const RUNS = 7;

const command = join(workspaceRoot, 'packages', 'headstart', 'dist', 'main.js');
if (!existsSync(command)) throw new Error(`${command} is not there: run npm run build first.`);

/** Milliseconds of user time of one run, taken by the process itself as it exits. */
function userTime(args: readonly string[]): number {
  const report = `process.on('exit', () => process.stderr.write('\\n' + process.cpuUsage().user / 1000))`;
  const preload = `data:text/javascript,${encodeURIComponent(report)}`;
  const { stderr } = spawnSync(process.execPath, ['--import', preload, ...args], { encoding: 'utf8' });
  return Number(stderr.split('\n').at(-1));
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const nothing = ['--eval', ''];
for (const [label, args] of [
  ['node alone', nothing],
  ...['--help', '--version', 'train --help', 'trian'].map(
    (line) => [`headstart ${line}`, [command, ...line.split(' ')]] as const,
  ),
] as const) {
  const milliseconds = middle(Array.from({ length: RUNS }, () => userTime(args)));
  const { files } = loadedModules(args);
  const ours = files.filter((file) => file.startsWith(workspaceRoot)).length;
  console.log(
    `${label.padEnd(24)} ${milliseconds.toFixed(0).padStart(5)} ms user  ${String(ours).padStart(4)} modules`,
  );
}
