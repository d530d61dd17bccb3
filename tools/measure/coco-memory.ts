/**
 * Peak memory and time of reading and scoring COCO files of 500 MB: with an outline a box, as COCO's own,
 * and with boxes alone, of which so many more fit.
 *
 *   npm run measure -- coco-memory [megabytes]
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { workspaceRoot } from '../workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../workspace/source-mode.mjs';
import { writeCocoFile } from './coco-file.ts';

const megabytes = Number(process.argv[2] ?? 500);
const folder = await mkdtemp(join(tmpdir(), 'headstart-coco-memory-'));
try {
  for (const masked of [true, false]) {
    const [truth, predictions] = [join(folder, 'gt.json'), join(folder, 'dt.json')];
    await writeCocoFile(truth, predictions, megabytes * 1e6, masked);
    const program = join(workspaceRoot, 'tools/measure/score-and-report-memory.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [...sourceArguments, program, truth, predictions], {
      env: sourceEnvironment(),
    });
    console.log(masked ? 'boxes with outlines' : 'boxes alone        ', stdout.trim());
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
