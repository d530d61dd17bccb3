import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { HeadstartError, type Phase } from '@headstart/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandLine } from './command-line.ts';
import { Console } from './terminal/console.ts';
import { commandHost } from './run.ts';
import { FakeHeadstart } from './testing/fake-headstart.ts';
import { fakePlan, fakeResult } from './testing/fake-results.ts';
import { runCommand } from './testing/run-command.ts';

let fake: FakeHeadstart;
let folder: string;

beforeEach(async () => {
  fake = new FakeHeadstart();
  folder = await mkdtemp(join(tmpdir(), 'headstart-cli-'));
  await writeFile(join(folder, 'model.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function everyCommand(root: Command, path: string[] = []): { path: string[]; command: Command }[] {
  return root.commands.flatMap((command) => {
    const here = [...path, command.name()];
    return [{ path: here, command }, ...everyCommand(command, here)];
  });
}

describe('help', () => {
  const root = commandLine(commandHost(new Console(process.stdout, process.stderr, {}), new FakeHeadstart()), '1.2.3');

  it.each(everyCommand(root).map(({ path, command }) => [path.join(' '), path, command] as const))(
    'of %s mentions all that it takes',
    async (_, path, command) => {
      const { code, stdout, stderr } = await runCommand(fake, [...path, '--help']);
      expect(code).toBe(0);
      expect(stderr).toBe('');
      for (const option of command.options) expect(stdout).toContain(option.flags);
      for (const argument of command.registeredArguments) expect(stdout).toContain(argument.name());
      for (const sub of command.commands) expect(stdout).toContain(sub.name());
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    },
  );

  it('lists every command, within 80 columns', async () => {
    const { stdout } = await runCommand(fake, ['--help']);
    for (const command of root.createHelp().visibleCommands(root))
      expect(stdout).toMatch(new RegExp(`^  ${command.name()}\\b`, 'm'));
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('wrong usage', () => {
  it.each<[string[], RegExp]>([
    [['trian', 'x'], /Did you mean train\?/],
    [['train', 'fake-set', '--epoch', '3'], /Did you mean --epochs\?/],
    [['train', 'fake-set', '--epochs', '-3'], /whole number, 1 or more/],
    [['train', 'fake-set', '--epochs=1.5'], /whole number, 1 or more/],
    [['train', 'fake-set', '--split', '70/40/10'], /add up to 100/],
    [['train', 'fake-set', '--reader-option', 'novalue'], /key=value/],
    [['train', 'a', 'b'], /Too many arguments|too many arguments/],
    [['train'], /is missing/],
    [['train', '--resume', 'dir', '--epochs', '3'], /--epochs has no effect/],
    [['train', 'fake-set', '--resume', 'dir'], /fake-set has no effect/],
    [['embed', 'a.png', '--source', 'fake-source'], /Where the embeddings go/],
    [['embed', 'a.png', '--out', 'e.npy'], /--source/],
    [['export', 'dir'], /--format/],
    [['predict', 'dir'], /input/],
    [['embed', 'a.png', '--source', 'fake-source', '--out', 'e.csv'], /--out writes a NumPy matrix, and e.csv/],
    [['predict', 'dir', 'a.png', '--label', 'cat'], /--label needs --explain/],
    [['predict', 'dir', 'a.png', '--explain', 'why.jpg'], /--explain writes a PNG, and why.jpg/],
    [['backend', 'doktor'], /Did you mean doctor\?/],
    [['backend'], /command is missing/],
    [[], /command is missing/],
  ])('%j has a message of its own and exits 2', async (args, message) => {
    const { code, stdout, stderr } = await runCommand(fake, args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(fake.opened).toEqual([]);
  });

  it('is a JSON document under --json', async () => {
    const { code, stdout, stderr } = await runCommand(fake, ['train', 'fake-set', '--json', '--epoch', '3']);
    expect(code).toBe(2);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'usage',
        message: "Unknown option '--epoch'.",
        hint: 'Did you mean --epochs? Add --help to see what the command takes.',
      },
    });
  });
});

describe('train', () => {
  it('turns every flag into the request', async () => {
    const flags =
      '--task t --source fake-source --strategy fake-strategy --epochs 3 --batch 8 --seed 0 --shots 10 --split 50/0/50 --learning-rate auto ' +
      '--weight-decay 0 --label-smoothing 0.1 --ema 0.99 --patience 2 --augmentation flip --views 4 --reader-option a=1 --reader-option b=x=y ' +
      '--keep-classes --skip-bad --out there --checkpoint-every 5 --backend cpu --device cpu --threads 2';
    // No task is registered in the fake: leave the name out.
    const args = flags.replace('--task t ', '').split(' ');
    expect((await runCommand(fake, ['train', 'fake-set', ...args])).code).toBe(0);
    expect(fake.requests).toEqual([
      {
        target: 'fake-set',
        source: 'fake-source',
        strategy: 'fake-strategy',
        epochs: 3,
        batchSize: 8,
        seed: 0,
        shots: 10,
        split: [50, 0, 50],
        learningRate: 'auto',
        weightDecay: 0,
        labelSmoothing: 0.1,
        ema: 0.99,
        patience: 2,
        augmentation: 'flip',
        views: 4,
        readerOptions: { a: '1', b: 'x=y' },
        keepClasses: true,
        skipBad: true,
        out: 'there',
        checkpointEvery: 5,
      },
    ]);
    expect(fake.opened).toEqual([{ backend: 'cpu', device: 'cpu', threads: 2 }]);
  });

  it('prints one JSON document and nothing else on stdout', async () => {
    fake.script = async ({ events }) => {
      await events?.choice?.({ what: 'source', value: 'fake-source', why: 'default for fake-task' });
      await events?.warning?.('careful');
    };
    const { code, stdout, stderr } = await runCommand(fake, ['train', 'fake-set', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(fakeResult);
    expect(stderr).toContain('fake-source — default for fake-task; --source overrides');
    expect(stderr).toContain('warning careful');
  });

  it('reports phases, a thinned table of epochs and the outcome', async () => {
    fake.script = async ({ events }) => {
      await events?.runStart?.({
        runId: 'run-7',
        directory: 'runs/run-7',
        samples: { train: 70, validation: 10, test: 20 },
        labels: ['a', 'b'],
        resumed: false,
      });
      const phase = { name: 'head', epochs: 40 } as Phase;
      await events?.phaseStart?.({
        phase,
        index: 0,
        count: 1,
        epochsBefore: 0,
        trainableParameters: 11529,
        frozenStages: ['stem'],
        cachedStages: ['stem'],
      });
      await events?.features?.({ stage: 'stem', samples: 100, computed: 90, reused: 10, seconds: 12 });
      for (let epoch = 1; epoch <= 30; epoch++) {
        await events?.epochEnd?.(
          {
            phase: 'head',
            epoch,
            epochs: 40,
            loss: 1 / epoch,
            learningRate: 0.001,
            seconds: 0.2,
            validation: { accuracy: epoch / 40 },
          },
          [],
        );
      }
      await events?.runEnd?.({ metrics: {}, model: 'runs/run-7' });
    };
    const { stdout, stderr } = await runCommand(fake, ['train', 'fake-set', '--source', 'fake-source']);
    expect(stderr).toContain('train 70, validation 10, test 20 in 2 classes');
    expect(stderr).toContain('Phase 1 of 1: head\n  11,529 parameters train, 1 stage frozen and computed once\n');
    expect(stderr).toContain('90 computed in 12 s, 10 reused from the cache');
    const epochs = [...stderr.matchAll(/epoch +(\d+)\/40/g)].map(([, epoch]) => Number(epoch));
    // Every fourth of 40, the first, and the one that the phase ended at early.
    expect(epochs).toEqual([1, 4, 8, 12, 16, 20, 24, 28, 30]);
    expect(stdout).toMatch(
      /validation +test +95 %\naccuracy +0\.7500 +0\.5000 +\[0\.300, 0\.700\]\nmacroF1 +0\.2500\n/,
    );
    expect(stdout).toContain('1 min 15 s');
    expect(stdout).toContain('headstart predict runs/run-7');
    expect(stdout).toContain('broken.png: the file is empty');
    expect(Math.max(...`${stdout}${stderr}`.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('resumes without a target and says how after an interruption', async () => {
    fake.script = async ({ events }) => {
      await events?.runStart?.({ runId: 'r', directory: 'runs/r', samples: {}, labels: [], resumed: true });
      throw new HeadstartError({
        code: 'interrupted',
        message: 'The run was interrupted at step 12.',
        hint: 'Resume it.',
      });
    };
    const { code, stdout } = await runCommand(fake, ['train', '--resume', 'runs/r', '--json']);
    expect(fake.resumed).toEqual(['runs/r']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'interrupted',
        message: 'The run was interrupted at step 12.',
        hint: 'Continue with: headstart train --resume runs/r',
      },
    });
    expect(fake.closed).toBe(1);
  });

  it('says how to go on where a full disk left a run with a checkpoint, and only there', async () => {
    const full = async (directory: string) => {
      fake.script = async ({ events }) => {
        await events?.runStart?.({ runId: 'r', directory, samples: {}, labels: [], resumed: false });
        throw new HeadstartError({ code: 'storage-full', message: 'No space is left.', hint: 'Free some.' });
      };
      const { stdout } = await runCommand(fake, ['train', 'fake-set', '--json']);
      return (JSON.parse(stdout) as { error: { hint: string } }).error.hint;
    };
    expect(await full(folder)).toBe('Free some.');
    await writeFile(join(folder, 'run.json'), '{}');
    expect(await full(folder)).toBe(
      `Free some. Then go on from the last checkpoint: headstart train --resume ${folder}`,
    );
  });

  it('refuses unknown names and targets before it opens a backend', async () => {
    const source = await runCommand(fake, ['train', 'fake-set', '--source', 'fake-sorce']);
    expect(source).toMatchObject({ code: 1, stdout: '' });
    expect(source.stderr).toContain('Did you mean "fake-source"?');
    expect((await runCommand(fake, ['train', 'fake-sett'])).stderr).toContain('Did you mean the data set "fake-set"?');
    expect((await runCommand(fake, ['train', join(folder, 'nothing')])).stderr).toContain('[target-not-found]');
    for (const option of ['--adapt', '--judge']) {
      const { stderr } = await runCommand(fake, ['train', 'fake-set', option, './nowhere']);
      expect(stderr).toContain('There is no file or folder ./nowhere, and no data set of that name.');
    }
    expect(fake.opened).toEqual([]);
  });

  it('draws a bar on a terminal and takes it off, without colours where NO_COLOR is set', async () => {
    fake.script = async (_, progress) => {
      const task = progress.start({ label: 'features', total: 10, unit: 'images' });
      task.update(4);
      task.end();
    };
    const { stderr } = await runCommand(fake, ['train', 'fake-set'], { terminal: true, env: { NO_COLOR: '1' } });
    expect(stderr).toContain('features');
    expect(stderr).toContain('░');

    expect(stderr).not.toMatch(/\x1b\[\d*m/);
    expect((await runCommand(fake, ['train', 'fake-set'])).stderr).not.toContain('░');
  });
});

describe('other commands', () => {
  it('predicts pictures of a folder in order of their names', async () => {
    await mkdir(join(folder, 'in', 'deep'), { recursive: true });
    for (const name of ['b.png', 'a.JPG', 'notes.txt', '.hidden.png', 'deep/c.webp'])
      await writeFile(join(folder, 'in', name), '');
    const { code, stdout } = await runCommand(fake, [
      'predict',
      folder,
      join(folder, 'in'),
      'one.png',
      '--json',
      '--top',
      '1',
    ]);
    expect(code).toBe(0);
    const documents = JSON.parse(stdout) as { input: string; label: string; top: unknown[] }[];
    expect(documents.map(({ input }) => input)).toEqual([
      join(folder, 'in', 'a.JPG'),
      join(folder, 'in', 'b.png'),
      join(folder, 'in', 'deep', 'c.webp'),
      'one.png',
    ]);
    expect(documents[0]).toMatchObject({ label: 'dog', top: [{ label: 'dog', probability: 0.5 }] });
    expect((await runCommand(fake, ['predict', folder, 'one.png'])).stdout).toBe('one.png  looks like dog\n');
    expect((await runCommand(fake, ['predict', folder, 'one.png', '--top', '3'])).stderr).toContain('2 of 3');
    expect((await runCommand(fake, ['predict', folder, 'a.png', 'b.png', '--explain', 'x.png'])).code).toBe(2);
  });

  it('writes the explanation of one input', async () => {
    const file = join(folder, 'why.png');
    expect((await runCommand(fake, ['predict', folder, 'a.png', '--explain', file, '--json'])).code).toBe(0);
    expect([...(await readFile(file))]).toEqual([1, 2, 3]);
  });

  it('writes embeddings as JSON or as a NumPy file', async () => {
    const { stdout } = await runCommand(fake, ['embed', 'a.png', 'b.png', '--source', 'fake-source', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      shape: [2, 2],
      data: [
        [0, 0.5],
        [1, 1.5],
      ],
    });
    const file = join(folder, 'e.npy');
    expect((await runCommand(fake, ['embed', 'a.png', '--source', 'fake-source', '--out', file])).code).toBe(0);
    expect((await readFile(file)).subarray(0, 6).toString('latin1')).toBe('\x93NUMPY');
  });

  it('embeds by a trained model, too', async () => {
    const { stdout } = await runCommand(fake, ['embed', 'a.png', 'bcd.png', '--source', folder, '--json']);
    expect(JSON.parse(stdout)).toEqual({ shape: [2, 1], data: [[5], [7]] });
  });

  it('evaluates with a table per class and the confusion matrix', async () => {
    const { stdout } = await runCommand(fake, ['evaluate', folder, 'fake-set']);
    expect(stdout).toMatch(/accuracy +0\.7500 +\[0\.250, 1\.000\]\n/);
    expect(stdout).toMatch(/cat +3 +1\.000 +0\.667 +0\.800/);
    expect(stdout).toMatch(/1 cat +2 +1\n2 dog +· +1\n/);
    const json = await runCommand(fake, ['evaluate', folder, 'fake-set', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      metrics: { accuracy: 0.75 },
      intervals: { accuracy: [0.25, 1] },
      samples: 4,
      split: 'test',
      skipped: [{ id: 'broken.png', reason: 'the file is empty' }],
      perClass: [
        { label: 'cat', support: 3 },
        { label: 'dog', support: 1 },
      ],
      confusionMatrix: [
        [2, 1],
        [0, 1],
      ],
    });
    expect(stdout).toMatch(/skipped +1 unreadable\n {2}broken.png: the file is empty\n$/);
  });

  it('writes the pages that are asked for', async () => {
    const [report, mistakes] = [join(folder, 'report.html'), join(folder, 'mistakes.html')];
    const { code, stderr } = await runCommand(fake, [
      'evaluate',
      folder,
      'fake-set',
      '--report',
      report,
      '--mistakes',
      mistakes,
      '--json',
    ]);
    expect([code, await readFile(report, 'utf8'), await readFile(mistakes, 'utf8')]).toEqual([
      0,
      '<p>report</p>',
      '<p>mistakes</p>',
    ]);
    expect(stderr).toContain(`wrote ${mistakes}`);
    expect((await runCommand(fake, ['evaluate', folder, 'fake-set', '--report', 'report.txt'])).code).toBe(2);
  });

  it('exports beside the model folder by default', async () => {
    const { stdout } = await runCommand(fake, ['export', folder, '--format', 'tfjs', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      format: 'tfjs',
      directory: `${folder}-tfjs`,
      files: [`${folder}-tfjs/model.json`],
    });
  });

  it('reports an unknown export format before it opens the model', async () => {
    const { code, stderr } = await runCommand(fake, ['export', folder, '--format', 'tf']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Unknown export format "tf"/);
    expect(stderr).toMatch(/Did you mean "tfjs"\?/);
  });

  it('lists what is registered, and by which plugin', async () => {
    const lists = async (command: string) =>
      JSON.parse((await runCommand(fake, [command, '--json'])).stdout) as Record<string, unknown>[];
    expect(await lists('sources')).toMatchObject([
      { id: 'fake-source', kind: 'source', plugin: 'fake-plugin', parameters: 1234567 },
      { id: 'fake:', kind: 'scheme', plugin: 'fake-plugin' },
    ]);
    expect(await lists('datasets')).toMatchObject([{ id: 'fake-set', licence: 'CC0' }]);
    expect(await lists('strategies')).toMatchObject([{ id: 'fake-strategy', start: 'source' }]);
    expect(await lists('tasks')).toEqual([]);
    expect(await lists('plugins')).toMatchObject([
      {
        name: 'fake-plugin',
        version: '1.2.3',
        registers: {
          sources: ['fake-source'],
          datasets: ['fake-set'],
          replaces: ['Fake'],
          'subscribes to': ['runs'],
        },
      },
    ]);
    expect((await runCommand(fake, ['tasks'])).stdout).toBe('None is registered.\n');
    expect((await runCommand(fake, ['sources'])).stdout).toContain('1,234,567');
    expect(fake.opened).toEqual([]);
  });

  it('prints what a transfer would do, and trains nothing', async () => {
    const args = ['train', 'fake-set', '--epochs', '3', '--dry-run'];
    const printed = await runCommand(fake, args);
    expect(printed.code).toBe(0);
    expect(printed.stderr.split('\n')).toEqual([
      'passed over   hidden files (1): .a',
      'cleaned       4 copies left out',
      'warning Something looks odd. [odd] Look at it.',
      'to adapt to   The tables are two.',
      'to adapt to   columns: review → text, id → not read',
      'to adapt to   passed over: notes (1): notes.txt',
      'warning Of the samples to adapt to: There are few. [faint] Add some.',
      'Skipped broken.png: the file is empty',
      '',
    ]);
    const lines = printed.stdout.split('\n').map((line) => line.replace(/ +/g, ' '));
    expect(lines).toContain('epochs 3 — asked for');
    expect(lines).toContain('samples train 7,000, validation 10, test 20 in 2 classes');
    expect(lines.join(' ').replace(/ +/g, ' ')).toContain(
      'probe 3 1,314 2,562 top ×0.1, head by adamw at 0.001, with ridge; up to block1 computed once in 4 views',
    );
    expect(JSON.parse((await runCommand(fake, [...args, '--json'])).stdout)).toEqual(fakePlan);
    expect(fake.planned).toEqual([
      { target: 'fake-set', epochs: 3 },
      { target: 'fake-set', epochs: 3 },
    ]);
    expect(fake.requests).toEqual([]);
    const resumed = await runCommand(fake, ['train', '--resume', 'runs/x', '--dry-run']);
    expect(resumed).toMatchObject({ code: 2, stderr: expect.stringContaining('--dry-run has no effect') as string });
  });

  it('refuses a folder that holds no model before it opens a backend', async () => {
    const missing = await runCommand(fake, ['predict', join(folder, 'no'), 'a.png', '--json']);
    expect(missing.code).toBe(1);
    expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: 'model-invalid' } });
    await mkdir(join(folder, 'empty'));
    expect((await runCommand(fake, ['evaluate', join(folder, 'empty'), 'fake-set'])).stderr).toContain(
      'has no model.json',
    );
    expect(fake.opened).toEqual([]);
  });

  it('prints the version and what the backend says', async () => {
    expect(await runCommand(fake, ['--version'])).toMatchObject({ code: 0, stdout: '1.2.3\n' });
    expect((await runCommand(fake, ['backend', 'doctor'])).stdout).toBe('fake engine: works\n');
    expect(JSON.parse((await runCommand(fake, ['backend', 'install', '--gpu', '--json'])).stdout)).toEqual({
      gpu: true,
    });
  });
});
