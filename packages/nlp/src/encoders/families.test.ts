import '@tensorflow/tfjs';
import { memory, setBackend, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { createArtifacts, silentProgress, type SourceRuntime } from '@headstart/core';
import { readSafetensors } from '@headstart/core/formats';
import type { HostTensors, Tensors } from '@headstart/core/network';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encoderScheme } from '../sources/encoder-source.ts';
import { textBackbone, type TextBackbone, type TextInput } from '../texts/text-backbone.ts';
import { POOLINGS } from './pooling.ts';

/** What tools/peers/tiny_encoders.py wrote: encoders with random weights, and what transformers computes with them. */
const FIXTURES = join(import.meta.dirname, 'fixtures');
const FAMILIES = ['bert', 'roberta', 'distilbert', 'mpnet'] as const;
/** Single precision, sums of another order, values of order 1. */
const LIMIT = 1e-5;

interface Expected {
  readonly texts: { readonly many: readonly TextInput[]; readonly long: string };
  /** A tensor's values and shape by name. */
  get(name: string): { readonly values: Float32Array | Int32Array; readonly shape: readonly number[] };
}

async function expectedOf(family: string): Promise<Expected> {
  const folder = join(FIXTURES, family);
  const texts = JSON.parse(await readFile(join(folder, 'texts.json'), 'utf8')) as Expected['texts'];
  const values = new Map<string, ReturnType<Expected['get']>>();
  for (const [name, tensor] of (await readSafetensors(join(folder, 'expected.safetensors'))).tensors) {
    values.set(name, { shape: tensor.shape, values: (await tensor.read()) as Float32Array | Int32Array });
  }
  return { texts, get: (name) => values.get(name)! };
}

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };
const open = async (family: string, options = '') =>
  textBackbone(await encoderScheme.resolve(join(FIXTURES, family) + options).open(runtime, { weights: 'published' }));

async function encodedBy({ texts }: TextBackbone, inputs: readonly TextInput[]): Promise<HostTensors[]> {
  const rows: HostTensors[] = [];
  for (const input of inputs) rows.push(await texts.encode(input));
  return rows;
}

/** The first `length` tokens of each row. */
function batchOf(rows: readonly HostTensors[], length: number): Tensors {
  return Object.fromEntries(
    Object.keys(rows[0]!).map((name) => [
      name,
      tensor2d(
        rows.flatMap((row) => [...row[name]!.subarray(0, length)]),
        [rows.length, length],
        'int32',
      ),
    ]),
  );
}

/** What each stage hands on. */
function stagesOf({ stages }: TextBackbone, inputs: Tensors): Tensors[] {
  const handed: Tensors[] = [];
  for (const stage of stages) handed.push(stage.forward(handed.at(-1) ?? inputs, { training: false }));
  return handed;
}

/** The largest difference, of tokens that are not padding. */
function difference(given: Tensor, { values, shape }: ReturnType<Expected['get']>, mask?: ArrayLike<number>): number {
  expect(given.shape).toEqual(shape);
  const width = shape.at(-1)!;
  const compared = [...given.dataSync<'float32'>()].map((value, i) =>
    mask && mask[Math.floor(i / width)] === 0 ? 0 : Math.abs(value - values[i]!),
  );
  return Math.max(...compared);
}

let tensors = 0;
beforeAll(() => setBackend('cpu'));
beforeEach(() => void (tensors = memory().numTensors));
afterEach(() => expect(memory().numTensors).toBe(tensors));

describe.each(FAMILIES)('%s, beside transformers', (family) => {
  it('cuts texts and pairs into the same tokens, and hands the same on from each stage', async () => {
    const expected = await expectedOf(family);
    const backbone = await open(family);
    const encoded = await encodedBy(backbone, expected.texts.many);
    const [ids, mask] = [expected.get('many.ids'), expected.get('many.mask')];
    const [, length] = ids.shape as [number, number];
    for (const [name, { values }] of [
      ['ids', ids],
      ['mask', mask],
    ] as const) {
      expect(
        encoded.flatMap((row) => [...row[name]!.subarray(0, length)]),
        name,
      ).toEqual([...values]);
    }
    tidy(() => {
      const handed = stagesOf(backbone, batchOf(encoded, length));
      // The embeddings and two layers; the pool comes after them.
      for (const i of [0, 1, 2])
        expect(
          difference(handed[i]!['hidden']!, expected.get(`many.hidden.${i}`), mask.values),
          `stage ${i}`,
        ).toBeLessThan(LIMIT);
    });
    backbone.dispose();
  });

  it('does so for a text beyond the farthest relative position', async () => {
    const expected = await expectedOf(family);
    const backbone = await open(family);
    const encoded = await backbone.texts.encode({ text: expected.texts.long });
    const ids = expected.get('long.ids');
    expect(ids.values.length).toBeGreaterThan(130);
    expect([...encoded['ids']!.subarray(0, ids.values.length)]).toEqual([...ids.values]);
    tidy(() => {
      const handed = stagesOf(backbone, batchOf([encoded], ids.values.length));
      expect(difference(handed.at(-2)!['hidden']!, expected.get('long.hidden'))).toBeLessThan(LIMIT);
    });
    backbone.dispose();
  });

  it.each(POOLINGS)('pools as sentence-transformers does: %s', async (pooling) => {
    const expected = await expectedOf(family);
    const backbone = await open(family, `#pooling=${pooling},normalise=no`);
    const encoded = await encodedBy(backbone, expected.texts.many);
    tidy(() => {
      const [pooled] = stagesOf(backbone, batchOf(encoded, expected.get('many.ids').shape[1]!)).slice(-1);
      expect(difference(pooled!['pooled']!, expected.get(`many.pooled.${pooling}`))).toBeLessThan(LIMIT);
    });
    backbone.dispose();
  });
});
