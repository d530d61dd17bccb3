import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import { createArtifacts, RandomStream, silentProgress, type SourceRuntime } from '@headstart/core';
import { exportGraphModel } from '@headstart/core/export';
import { runStages, withBottleneck, type Stage, type Tensors } from '@headstart/core/network';
import { efficientNetLite0, imageClassification, smallCnn } from '@headstart/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };
const labels = ['a', 'b', 'c', 'd', 'e'];

interface ModelFile {
  modelTopology: tf.io.ModelArtifacts['modelTopology'];
  weightsManifest: tf.io.WeightsManifestConfig;
  signature: object;
}

async function load(directory: string) {
  const { modelTopology, weightsManifest, signature } = JSON.parse(
    await readFile(join(directory, 'model.json'), 'utf8'),
  ) as ModelFile;
  const [group] = weightsManifest;
  const data = Buffer.concat(await Promise.all(group!.paths.map((path) => readFile(join(directory, path)))));
  const weightData = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  return loadGraphModel({ load: async () => ({ modelTopology, signature, weightSpecs: group!.weights, weightData }) });
}

/** A picture's worth of smooth values within the range that networks are fed. */
function waves(shape: readonly number[]): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 0.37) * Math.cos(i * 0.0011)),
    [...shape] as tf.ShapeMap[tf.Rank],
  );
}

describe('a network exported for TensorFlow.js', () => {
  let folder: string;
  let native: string;

  beforeAll(async () => {
    await openBackend({ prefer: 'libtensorflow' });
    native = tf.getBackend();
    folder = await mkdtemp(join(tmpdir(), 'headstart-tfjs-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  // Plain JavaScript is slow: the large network runs there with one picture.
  it.each([
    { source: smallCnn, weights: 'none' as const, joined: [], batches: { cpu: [1, 5], wasm: [1, 5] } },
    { source: efficientNetLite0, weights: 'published' as const, joined: [], batches: { cpu: [1], wasm: [1, 5] } },
    {
      source: efficientNetLite0,
      weights: 'published' as const,
      joined: ['block5', 'block7'],
      batches: { wasm: [1, 5] },
    },
  ])(
    '$source.id and a head compute, features $joined in a bottleneck below it, in plain JS and wasm what they compute here',
    async ({ source, weights, joined, batches }) => {
      await tf.setBackend(native);
      const random = new RandomStream(7);
      const opened = await source.open(runtime, { weights });
      const backbone = joined.length > 0 ? withBottleneck(opened, { width: 32, dropout: 0.5, joined }, random) : opened;
      if (weights === 'none') backbone.stages.forEach((stage, i) => stage.initialise(random.child(i)));
      const head = imageClassification().buildHead(backbone, labels, random.child('head'));
      const stages: readonly Stage[] = [...backbone.stages, head];
      const forward = (inputs: Tensors) => {
        const all = runStages(stages, inputs);
        return { logits: all['logits']! };
      };
      const directory = join(folder, [source.id, ...joined].join('-'));
      await exportGraphModel(
        { forward, inputs: backbone.input.tensors, variables: stages.flatMap(({ variables }) => variables) },
        directory,
      );
      const [name, spec] = Object.entries(backbone.input.tensors)[0]!;

      for (const [engine, sizes] of Object.entries(batches)) {
        for (const size of sizes) {
          await tf.setBackend(native);
          const expected = await tf.tidy(() => forward({ [name]: waves([size, ...spec.shape]) }).logits).data();
          await tf.setBackend(engine);
          const model = await load(directory);
          const x = waves([size, ...spec.shape]);
          const logits = model.execute({ [name]: x }) as tf.Tensor;
          expect(logits.shape).toEqual([size, labels.length]);
          const actual = await logits.data();
          const worst = Math.max(...Array.from(expected, (value, i) => Math.abs(value - actual[i]!)));
          const scale = Math.max(...Array.from(expected, Math.abs));
          expect(scale).toBeGreaterThan(0);
          // Single precision over some fifty layers in another order of summation.
          expect(worst / Math.max(1, scale), `${engine} at batch ${size}`).toBeLessThan(1e-4);
          tf.dispose([x, logits]);
          model.dispose();
        }
      }
      await tf.setBackend(native);
      head.variables.forEach(({ value }) => value.dispose());
      backbone.dispose();
    },
    300_000,
  );
});
