import '@tensorflow/tfjs';
import { memory, ready, setBackend, tensor1d } from '@tensorflow/tfjs-core';
import { createArtifacts, RandomStream, silentProgress, type SourceRuntime } from '@headstart/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EncoderBackbone } from '../encoders/encoder-backbone.ts';
import { TINY_CONFIGS, writeTinyEncoder } from '../encoders/tiny-encoder.test.kit.ts';
import { encoderScheme } from '../sources/encoder-source.ts';
import { calibrate } from './calibrate.ts';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };
const WIDTH = 8;
const INNER = 12;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-calibrate-'));
  await setBackend('cpu');
  await ready();
});
afterAll(() => rm(root, { recursive: true }));

async function tinyBackbone(family: keyof typeof TINY_CONFIGS): Promise<EncoderBackbone> {
  const folder = await mkdtemp(join(root, `${family}-`));
  await writeTinyEncoder(folder, TINY_CONFIGS[family]);
  const backbone = (await encoderScheme.resolve(folder).open(runtime, { weights: 'none' })) as EncoderBackbone;
  backbone.stages.forEach((stage) => stage.initialise(new RandomStream(family).child(stage.name)));
  return backbone;
}

describe('calibrate', () => {
  it.each(Object.keys(TINY_CONFIGS) as (keyof typeof TINY_CONFIGS)[])(
    'knows what every product of %s takes in',
    async (family) => {
      const backbone = await tinyBackbone(family);
      const before = memory().numTensors;
      const magnitudes = await calibrate(backbone);
      expect(memory().numTensors).toBe(before);
      const matrices = backbone.stages.flatMap(({ name, variables }) =>
        name.startsWith('layer.') ? variables.filter(({ value }) => value.rank === 2) : [],
      );
      expect([...magnitudes.keys()].sort()).toEqual(
        matrices.map(({ name }) => name.replace(/\.(weight|kernel)$/, '')).sort(),
      );
      const widths = [...magnitudes.values()].map(({ length }) => length);
      expect(widths.filter((width) => width === INNER)).toHaveLength(2); // the second of the two dense layers, in two layers
      expect(widths.filter((width) => width === WIDTH)).toHaveLength(10);
      for (const values of magnitudes.values()) expect(Math.min(...values)).toBeGreaterThan(0);
      expect(await calibrate(backbone), 'the same again').toEqual(magnitudes);
      backbone.dispose();
    },
  );

  it('shows which number stands out', async () => {
    const backbone = await tinyBackbone('bert');
    const scale = backbone.stages
      .flatMap(({ variables }) => variables)
      .find(({ name }) => name === 'encoder.layer.0.attention.output.LayerNorm.weight')!;
    const raised = tensor1d([1, 1, 1, 30, 1, 1, 1, 1]);
    scale.value.assign(raised);
    raised.dispose();
    const taken = (await calibrate(backbone)).get('encoder.layer.0.intermediate.dense')!;
    // Normalised numbers are at most √7 from 0 (all of the variance in one of eight) and the largest of 512 more than 1.
    expect(taken[3]).toBeGreaterThan(30);
    expect(taken[3]).toBeLessThan(30 * Math.sqrt(WIDTH - 1) + 1e-3);
    taken.forEach((value, i) => i !== 3 && expect(value).toBeLessThan(Math.sqrt(WIDTH - 1) + 1e-3));
    backbone.dispose();
  });
});
