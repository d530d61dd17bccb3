import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeCocoFile } from '../tools/measure/coco-file.ts';
import { workspaceRoot } from '../tools/workspace/root.mjs';
import { sourceArguments, sourceEnvironment } from '../tools/workspace/source-mode.mjs';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'headstart-coco-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

// Beside the program's own 70 MB, the whole text would not fit: only reading it piece by piece gets through.
it('scores a COCO file that is larger than the heap', async () => {
  const [truth, predictions] = [join(folder, 'gt.json'), join(folder, 'dt.json')];
  await writeCocoFile(truth, predictions, 80e6, true);
  expect((await stat(truth)).size).toBeGreaterThan(80e6);
  const program = join(workspaceRoot, 'tools/measure/score-and-report-memory.ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--max-old-space-size=120', ...sourceArguments, program, truth, predictions],
    { env: sourceEnvironment() },
  );
  const { objects, images } = JSON.parse(stdout) as { objects: number; images: number };
  expect(objects).toBeGreaterThan(150_000);
  expect(images).toBe(Math.ceil(objects / 8));
}, 300_000);
