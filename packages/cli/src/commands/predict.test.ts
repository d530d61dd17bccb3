import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeHeadstart } from '../testing/fake-headstart.ts';
import { runCommand } from '../testing/run-command.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-predict-'));
  await writeFile(join(folder, 'model.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('draws what was found in one input', async () => {
  const file = join(folder, 'out.png');
  const { code, stdout, stderr } = await runCommand(new FakeHeadstart(), ['predict', folder, 'a.png', '--draw', file, '--json']);
  expect([code, await readFile(file, 'utf8')]).toEqual([0, 'dog in a.png']);
  expect(JSON.parse(stdout)).toHaveLength(1);
  expect(stderr).toContain(`wrote ${file}`);
});

it('refuses to draw several inputs in one file, or anything but a PNG', async () => {
  const several = await runCommand(new FakeHeadstart(), ['predict', folder, 'a.png', 'b.png', '--draw', join(folder, 'x.png')]);
  expect([several.code, several.stderr]).toEqual([2, expect.stringContaining('--draw takes one input and there are 2')]);
  const jpeg = await runCommand(new FakeHeadstart(), ['predict', folder, 'a.png', '--draw', 'x.jpg']);
  expect([jpeg.code, jpeg.stderr]).toEqual([2, expect.stringContaining('x.jpg is not named as one')]);
});
