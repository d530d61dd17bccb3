import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
  const { code, stdout, stderr } = await runCommand(new FakeHeadstart(), [
    'predict',
    folder,
    'a.png',
    '--draw',
    file,
    '--json',
  ]);
  expect([code, await readFile(file, 'utf8')]).toEqual([0, 'dog in a.png']);
  expect(JSON.parse(stdout)).toHaveLength(1);
  expect(stderr).toContain(`wrote ${file}`);
});

it('draws each of several inputs under its own name in a folder', async () => {
  const drawn = join(folder, 'drawn');
  const { code, stderr } = await runCommand(new FakeHeadstart(), [
    'predict',
    folder,
    'x/a.jpg',
    'y/b.tiff',
    '--draw',
    drawn,
  ]);
  expect([code, (await readdir(drawn)).sort(), await readFile(join(drawn, 'b.png'), 'utf8')]).toEqual([
    0,
    ['a.png', 'b.png'],
    'dog in y/b.tiff',
  ]);
  expect(stderr).toContain(`wrote ${join(drawn, 'a.png')}`);
});

it.each([
  ['several inputs in one file', ['a.png', 'b.png', '--draw', 'x.png'], 'x.png is one file and there are 2 inputs'],
  ['anything but a PNG', ['a.png', '--draw', 'x.jpg'], 'x.jpg is named like another kind of file'],
  [
    'two inputs of one name',
    ['x/a.png', 'y/a.jpg', '--draw', 'drawn'],
    'x/a.png and y/a.jpg would both be drawn in drawn/a.png',
  ],
  ['over an input', ['a.png', '--draw', './a.png'], 'would overwrite the input ./a.png'],
  ['over one of several inputs', ['x/a.png', 'y/b.jpg', '--draw', 'x'], 'would overwrite the input x/a.png'],
])('refuses to draw %s', async (_, words, message) => {
  const { code, stderr } = await runCommand(new FakeHeadstart(), ['predict', folder, ...words]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

it('takes a source that predicts as it is, and suggests one for a name that is none', async () => {
  const fake = new FakeHeadstart();
  const { code, stdout } = await runCommand(fake, [
    'predict',
    'fake-source',
    'a.png',
    '--task-option',
    'threshold=0.4',
  ]);
  expect([code, stdout, fake.pretrained, fake.loaded]).toEqual([
    0,
    'a.png  looks like dog\n',
    [['fake-source', { taskOptions: { threshold: '0.4' } }]],
    [],
  ]);
  expect((await runCommand(fake, ['predict', 'fake:there', 'a.png'])).code).toBe(0);
  const wrong = await runCommand(fake, ['predict', 'fake-sorce', 'a.png']);
  expect([wrong.code, wrong.stderr]).toEqual([
    1,
    expect.stringMatching(/no model folder fake-sorce[^]*Did you mean the source "fake-source"/),
  ]);
  expect(fake.opened).toHaveLength(2);
});

it("gives the model's task options", async () => {
  const fake = new FakeHeadstart();
  const { code } = await runCommand(fake, [
    'predict',
    folder,
    'a.png',
    '--task-option',
    'threshold=0.5',
    '--task-option',
    'suppression=soft',
  ]);
  expect([code, fake.loaded]).toEqual([0, [{ taskOptions: { threshold: '0.5', suppression: 'soft' } }]]);
});

it('goes on after inputs that cannot be read where it is to, and its exit code says so', async () => {
  const words = ['predict', folder, 'a.png', 'bad.png', 'c.png', '--skip-bad'];
  const { code, stdout, stderr } = await runCommand(new FakeHeadstart(), words);
  expect([code, stdout.split('\n')]).toEqual([
    1,
    ['a.png    looks like dog', 'bad.png  error: bad.png: it cannot be read.', 'c.png    looks like dog', ''],
  ]);
  expect(stderr).toContain('1 of 3 inputs could not be read: bad.png: it cannot be read.');
  const json = await runCommand(new FakeHeadstart(), [...words, '--json']);
  expect([json.code, JSON.parse(json.stdout)]).toMatchObject([
    1,
    [{ input: 'a.png', label: 'dog' }, { input: 'bad.png', error: { code: 'sample-unreadable' } }, { input: 'c.png' }],
  ]);
  expect((await runCommand(new FakeHeadstart(), ['predict', folder, 'a.png', '--skip-bad'])).code).toBe(0);
});

it('takes tables, and writes one with the truth beside the prediction', async () => {
  const table = join(folder, 'pets.csv');
  await writeFile(table, 'text,label\n');
  const csv = join(folder, 'out.csv');
  const words = ['predict', folder, 'a.png', table, 'b.png', '--skip-bad', '--output'];
  const { code, stdout } = await runCommand(new FakeHeadstart(), [...words, csv]);
  expect([code, stdout, await readFile(csv, 'utf8')]).toEqual([
    1,
    `${csv}: 4 predictions\n`,
    [
      'input,text,truth,label,probability,error',
      'a.png,,,dog,0.5,',
      `${table}:2,"a ""quoted"", text",dog,dog,0.5,`,
      `${table}:3,another,fox,dog,0.5,`,
      `${table}:4,,,,,${table}:4: it cannot be read.`,
      'b.png,,,dog,0.5,',
      '',
    ].join('\n'),
  ]);
  const lines = join(folder, 'out.jsonl');
  await runCommand(new FakeHeadstart(), [...words, lines]);
  const rows = (await readFile(lines, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(rows).toHaveLength(5);
  expect(rows[1]).toMatchObject({ input: `${table}:2`, text: 'a "quoted", text', truth: 'dog', label: 'dog' });
  expect(rows[3]).toEqual({
    input: `${table}:4`,
    error: expect.objectContaining({ code: 'sample-unreadable' }) as unknown,
  });
  const wrong = await runCommand(new FakeHeadstart(), [...words, join(folder, 'out.txt')]);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--output writes CSV, TSV or JSON Lines')]);
  const drawn = await runCommand(new FakeHeadstart(), ['predict', folder, table, '--draw', join(folder, 'drawn')]);
  expect([drawn.code, drawn.stderr]).toEqual([2, expect.stringContaining('--draw takes inputs one by one')]);
});
