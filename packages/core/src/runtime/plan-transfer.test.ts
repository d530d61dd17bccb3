import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { container } from 'tsyringe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Reader } from '../domains/reader.ts';
import { builtIn } from '../plugins/built-in.ts';
import { Registries } from '../plugins/registries.ts';
import { Services } from '../plugins/services.ts';
import { setUpPlugin } from '../plugins/set-up.ts';
import { pointDataset, pointPlugin, pointTask } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { planTransfer } from './plan-transfer.ts';
import type { TransferRequest } from '../runs/request.ts';
import { silentProgress } from '@headstart/artifacts';

let root: string;
let file: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-plan-'));
  file = join(root, 'points.txt');
  await writeFile(file, '');
});
afterAll(() => rm(root, { recursive: true }));

let registries: Registries;
let reads = 0;
beforeEach(() => {
  registries = new Registries();
  for (const plugin of [builtIn(), pointPlugin()])
    setUpPlugin(plugin, registries, new Services(container.createChildContainer()));
  reads = 0;
});

/** A reader of anything that is as sure as it is told to be. */
function reader(id: string, sure: number): Reader {
  return {
    id,
    modality: 'point',
    description: `Points of the ${id}`,
    task: 'point-classification',
    detect: async () => sure,
    async read(_path, options) {
      reads += 1;
      return { ...(await pointDataset.load({} as never, options)), id: '', reader: id };
    },
  };
}
const addReaders = (...readers: Reader[]) => readers.forEach((one) => registries.readers.add('test', one.id, one));
const plan = (request: Partial<TransferRequest>) =>
  planTransfer(
    { backend, registries, artifacts: {} as never, progress: silentProgress },
    { target: 'points', ...request },
  );
const backend = { name: 'plain', device: 'cpu', reason: 'a test' } as const;

describe('planTransfer', () => {
  it("takes the task's budget for a strategy where it has one, what is asked for before that", async () => {
    const budget = (strategy: string, samples: number) =>
      strategy === 'fine-tune' ? { epochs: 630 / samples, batchSize: 4, steps: 32 } : undefined;
    registries.tasks.add('test', 'budgeted', {
      ...registries.tasks.get('point-classification'),
      id: 'budgeted',
      budget,
    });
    const of = async (request: Partial<TransferRequest>) => {
      const {
        request: { epochs, batchSize },
        choices,
      } = await plan({ task: 'budgeted', ...request });
      return [
        epochs,
        batchSize,
        ...choices.filter(({ what }) => what === 'epochs' || what === 'batch').map(({ why }) => why),
      ];
    };
    const why = 'default for budgeted by fine-tune';
    expect(await of({ strategy: 'fine-tune' })).toEqual([10, 4, why, why]);
    expect(await of({ strategy: 'fine-tune', batchSize: 8 })).toEqual([10, 8, why, 'asked for']);
    expect(await of({ strategy: 'lp-ft', epochs: 2 })).toEqual([2, 16, 'asked for', 'default for lp-ft']);
    // 63 samples are 4 batches of 16.
    expect((await of({ strategy: 'lp-ft' })).slice(0, 2)).toEqual([25, 16]);
    expect((await of({ strategy: 'lp-ft', steps: 9 })).slice(0, 2)).toEqual([3, 16]);
    await expect(of({ epochs: 1, steps: 1 })).rejects.toMatchObject({ code: 'invalid-option' });
  });

  it('fills in every choice, says why, and settles them for a resume', async () => {
    const { transfer, request, choices } = await plan({});
    expect(choices.map(({ what, value, why }) => [what, value, why])).toEqual([
      ['reader', 'points', 'data set points'],
      ['task', 'point-classification', 'default for this data'],
      ['source', 'point-net', 'default for point-classification'],
      ['strategy', 'linear-probe', 'default for point-classification'],
      [
        'epochs',
        '300',
        'default for linear-probe: 300 steps of 63 samples in batches of 64, of which 30 epochs make too few',
      ],
      ['batch', '64', 'default for linear-probe'],
      ['augmentation', 'none', 'default for point-classification'],
      ['backend', 'plain (cpu)', 'a test'],
    ]);
    expect(request).toMatchObject({
      target: 'points',
      task: 'point-classification',
      source: 'point-net',
      strategy: 'linear-probe',
      seed: 0,
      split: [70, 10, 20],
      epochs: 300,
      batchSize: 64,
    });
    // 30 points per class: 21 train, 3 validate, 6 test.
    expect([
      transfer.target.splits.train.length,
      transfer.target.splits.validation.length,
      transfer.target.splits.test.length,
    ]).toEqual([63, 9, 18]);
    const again = await plan(request);
    expect(again.request).toEqual(request);
    expect(again.transfer.target.fingerprint).toBe(transfer.target.fingerprint);
    expect(again.choices.slice(1, -1).every(({ why }) => why === 'asked for')).toBe(true);
  });

  it.each([
    [{ source: 'point-nett' }, 'Unknown source "point-nett".', 'Did you mean "point-net"?'],
    [{ strategy: 'fine-tun' }, 'Unknown strategy "fine-tun".', 'Did you mean "fine-tune"?'],
    [{ task: 'point-clasification' }, 'Unknown task "point-clasification".', 'Did you mean "point-classification"?'],
    [{ augmentation: 'jiter' }, 'Unknown augmentation "jiter".', 'Did you mean "jitter"?'],
    [
      { strategy: 'quantum' },
      'Unknown strategy "quantum".',
      'Known: adabn, bottleneck-probe, cdan, contrastive, coral, dan, dann, fine-tune, from-scratch',
    ],
  ])('suggests the nearest name for %j', async (request, message, hint) => {
    await expect(plan(request)).rejects.toMatchObject({
      code: 'unknown-name',
      message,
      hint: expect.stringContaining(hint) as string,
    });
  });

  it('checks names before it reads', async () => {
    addReaders(reader('folder', 1));
    await expect(plan({ target: file, source: 'nothing' })).rejects.toMatchObject({ code: 'unknown-name' });
    expect(reads).toBe(0);
  });

  it('refuses a source for other data, and data that the task cannot learn', async () => {
    registries.sources.add('test', 'ear', { ...pointSource, id: 'ear', modality: 'sound' });
    await expect(plan({ source: 'ear' })).rejects.toMatchObject({
      code: 'not-supported',
      message: expect.stringMatching(/"ear": it is for sound data.*point data/) as string,
    });
    registries.datasets.add('test', 'single', {
      ...pointDataset,
      id: 'single',
      async load(...args) {
        const data = await pointDataset.load(...args);
        return { ...data, labels: ['one'], samples: data.samples.filter(({ sample }) => sample.label === 0) };
      },
    });
    await expect(plan({ target: 'single' })).rejects.toMatchObject({ code: 'target-too-small' });
  });

  it("alters samples by the strategy's policy where the task has it, by what is asked for before that", async () => {
    const probe = registries.strategies.get('linear-probe');
    for (const augmentation of ['jitter', 'unheard-of'])
      registries.strategies.add('test', `altering-${augmentation}`, {
        ...probe,
        id: `altering-${augmentation}`,
        augmentation,
      });
    const chosen = async (request: Partial<TransferRequest>) => {
      const { value, why } = (await plan(request)).choices.find(({ what }) => what === 'augmentation')!;
      return [value, why];
    };
    expect(await chosen({ strategy: 'altering-jitter' })).toEqual(['jitter', 'default for altering-jitter']);
    expect(await chosen({ strategy: 'altering-jitter', augmentation: 'none' })).toEqual(['none', 'asked for']);
    expect(await chosen({ strategy: 'altering-unheard-of' })).toEqual(['none', 'default for point-classification']);
  });

  it('asks the task about policies where it composes them', async () => {
    registries.tasks.add('test', 'composing', {
      ...pointTask,
      id: 'composing',
      checkAugmentation: (policy: string) => {
        if (policy !== 'a+b') throw new RangeError(policy);
      },
    });
    expect((await plan({ task: 'composing', augmentation: 'a+b' })).request.augmentation).toBe('a+b');
    await expect(plan({ task: 'composing', augmentation: 'a+c' })).rejects.toThrow('a+c');
  });
});

describe('reading a target', () => {
  it('takes the surest reader, names the data after its path, and keeps the reader for a resume', async () => {
    addReaders(reader('folder', 0.4), reader('table', 0.9), reader('never', 0));
    const { transfer, request, choices } = await plan({ target: file });
    expect(transfer.target.id).toBe('points.txt');
    expect(request).toMatchObject({ reader: 'table', target: file });
    expect(choices[0]).toEqual({ what: 'reader', value: 'table', why: 'points.txt looks like points of the table' });
    addReaders(reader('newer', 1));
    expect((await plan(request)).choices[0]!.value).toBe('table');
    expect((await plan({ target: file })).choices[0]!.value).toBe('newer');
  });

  it('takes the reader that was asked for, and suggests one where there is none of that name', async () => {
    addReaders(reader('folder', 0.4), reader('table', 0.9));
    expect((await plan({ target: file, reader: 'folder' })).choices[0]).toMatchObject({
      value: 'folder',
      why: 'asked for',
    });
    await expect(plan({ target: file, reader: 'foldr' })).rejects.toMatchObject({
      code: 'unknown-name',
      hint: expect.stringContaining('"folder"') as string,
    });
  });

  it('says what could be read where no reader understands the data', async () => {
    addReaders(reader('folder', 0));
    await expect(plan({ target: file })).rejects.toMatchObject({
      code: 'target-unreadable',
      hint: expect.stringContaining('folder (Points of the folder)') as string,
    });
  });

  it('suggests a data set for a slip, and lists them otherwise', async () => {
    await expect(plan({ target: 'pints' })).rejects.toMatchObject({
      code: 'target-not-found',
      hint: 'Did you mean the data set "points"?',
    });
    await expect(plan({ target: join(root, 'photographs') })).rejects.toMatchObject({
      code: 'target-not-found',
      hint: expect.stringContaining('points') as string,
    });
  });
});
