import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentProgress } from '@headstart/artifacts';
import { container } from 'tsyringe';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Sample, TargetData } from '../domains/target-domain.ts';
import { builtIn } from '../plugins/built-in.ts';
import { Registries } from '../plugins/registries.ts';
import { Services } from '../plugins/services.ts';
import { setUpPlugin } from '../plugins/set-up.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { inspectTarget, type InspectRequest } from './inspect-target.ts';
import { planTransfer } from './plan-transfer.ts';

let root: string;
let file: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-inspect-'));
  file = join(root, 'points.txt');
  await writeFile(file, '');
});
afterAll(() => rm(root, { recursive: true }));

let registries: Registries;
beforeEach(() => {
  registries = new Registries();
  for (const plugin of [builtIn(), pointPlugin()])
    setUpPlugin(plugin, registries, new Services(container.createChildContainer()));
});

const sample = (n: number, label: number): Sample => ({ id: `s${n}`, digest: `content ${n}`, label });

/** Data of twelve samples in two classes, and what else they are to have. */
function giving(more: Partial<TargetData> = {}) {
  registries.addReader('test', {
    id: 'any',
    modality: 'point',
    description: 'Anything',
    task: 'point-classification',
    detect: async () => 1,
    read: async () => ({
      id: '',
      modality: 'point',
      reader: 'any',
      labels: ['no', 'yes'],
      samples: Array.from({ length: 12 }, (_, n) => ({ sample: sample(n, n % 2) })),
      skipped: [],
      ...more,
    }),
  });
}

const notAsked = () => Promise.reject(new Error('Embeddings were not asked for.'));
const services = () => ({ registries, artifacts: {} as never, progress: silentProgress, embed: notAsked });
const inspect = (request: Partial<InspectRequest> = {}) => inspectTarget(services(), { target: file, ...request });

it('says what a training would read, by the same splits', async () => {
  giving({
    notes: {
      table: { columns: [{ name: 'x', role: 'text' }, { name: 'y' }], separator: ';', header: true },
      passedOver: [{ what: 'hidden files', count: 1, examples: ['.a'] }],
      warnings: [{ code: 'odd', message: 'It is odd.', hint: 'Look.', samples: ['s1'] }],
    },
    skipped: [{ id: 's99', reason: 'it is empty' }],
  });
  const said = await inspect({ seed: 3 });
  expect(said).toMatchObject({
    target: file,
    reader: 'any',
    why: 'points.txt looks like anything',
    task: 'point-classification',
    modality: 'point',
    splits: 'drawn',
    // Of six samples per class, 70/10/20 gives 4, 1 and 1.
    samples: { train: 8, validation: 2, test: 2 },
    labels: [
      { name: 'no', train: 4, validation: 1, test: 1 },
      { name: 'yes', train: 4, validation: 1, test: 1 },
    ],
    table: { separator: ';' },
    passedOver: [{ what: 'hidden files' }],
    skipped: [{ id: 's99' }],
  });
  expect(said.warnings).toContainEqual({ code: 'odd', message: 'It is odd.', hint: 'Look.', samples: ['s1'] });
  const backend = { name: 'plain', device: 'cpu', reason: 'a test' } as const;
  const { transfer } = await planTransfer({ backend, ...services() }, { target: file, seed: 3 });
  const train = transfer.target.splits.train;
  const ids = Array.from({ length: train.length }, (_, i) => train.get(i).id);
  expect(said.examples.map(({ id }) => id).every((id) => ids.includes(id))).toBe(true);
  expect(new Set(said.examples.flatMap(({ labels }) => labels))).toEqual(new Set(['no', 'yes']));
});

it('reports what training refuses beside what was read', async () => {
  giving({
    unlabelled: [
      { id: 't.csv:5', reason: 'the label is empty' },
      { id: 't.csv:9', reason: 'the label is null' },
    ],
  });
  const said = await inspect();
  expect(said).toMatchObject({
    unlabelled: { count: 2, samples: [{ id: 't.csv:5' }, { id: 't.csv:9' }] },
    samples: { train: 8, validation: 2, test: 2 },
    error: {
      code: 'label-invalid',
      message: 'points.txt: 2 of 14 samples have no label: t.csv:5 (the label is empty), t.csv:9 (the label is null).',
      hint: 'Label them, or leave them out with --clean missing-labels.',
    },
  });
  const backend = { name: 'plain', device: 'cpu', reason: 'a test' } as const;
  await expect(planTransfer({ backend, ...services() }, { target: file })).rejects.toMatchObject({
    code: 'label-invalid',
  });
});

it('shows data that cannot be split, and says why they cannot', async () => {
  giving({ labels: ['no', 'yes'], samples: [0, 0, 0, 1].map((label, n) => ({ sample: sample(n, label) })) });
  expect(await inspect()).toMatchObject({
    samples: { train: 4, validation: 0, test: 0 },
    error: { code: 'target-too-small' },
  });
  expect(await inspect({ split: [100, 0, 0] })).not.toHaveProperty('error');
});

it('checks options before anything is read', async () => {
  giving();
  await expect(inspect({ seed: -1 })).rejects.toMatchObject({ code: 'invalid-option' });
  await expect(inspect({ task: 'nothing' })).rejects.toMatchObject({ code: 'unknown-name' });
  await expect(inspect({ target: join(root, 'gone') })).rejects.toMatchObject({ code: 'target-not-found' });
});
