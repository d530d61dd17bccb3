import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import {
  abs,
  dispose,
  div,
  max,
  memory,
  randomUniform,
  sub,
  tidy,
  type io,
  type Rank,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import { createArtifacts, RandomStream, silentProgress, type SourceRuntime } from '@headstart/core';
import { exportGraphModel } from '@headstart/core/export';
import { runStages, type Tensors } from '@headstart/core/network';
import { nanoDetCoco, objectDetection } from '@headstart/detection';
import { afterAll, beforeAll, expect, it } from 'vitest';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };

interface ModelFile {
  modelTopology: io.ModelArtifacts['modelTopology'];
  weightsManifest: io.WeightsManifestConfig;
  signature: object;
}

let folder: string;
let tensors = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-detector-'));
  await openBackend({ prefer: 'libtensorflow' });
  tensors = memory().numTensors;
});
afterAll(() => rm(folder, { recursive: true }));

it('a detector exported for TensorFlow.js gives the scores and boxes that it gives here', async () => {
  const backbone = await nanoDetCoco.open(runtime, { weights: 'published' });
  const head = objectDetection().buildHead(backbone, backbone.sourceHead!.labels!, new RandomStream('unused'));
  const stages = [...backbone.stages, head];
  const forward = (inputs: Tensors): Tensors => {
    const { logits, xyxy } = runStages(stages, inputs);
    return { logits: logits!, xyxy: xyxy! };
  };
  const directory = join(folder, 'model');
  await exportGraphModel(
    { forward, inputs: backbone.input.tensors, variables: stages.flatMap(({ variables }) => variables) },
    directory,
  );

  const { modelTopology, weightsManifest, signature } = JSON.parse(
    await readFile(join(directory, 'model.json'), 'utf8'),
  ) as ModelFile;
  const data = Buffer.concat(
    await Promise.all(weightsManifest[0]!.paths.map((path) => readFile(join(directory, path)))),
  );
  const weightData = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const model = await loadGraphModel({
    load: async () => ({ modelTopology, signature, weightSpecs: weightsManifest[0]!.weights, weightData }),
  });
  const image = randomUniform<Rank.R4>([1, 416, 416, 3], -2, 2, 'float32', 7);
  const expected = tidy(() => forward({ image }) as Record<string, Tensor>);
  const [logits, xyxy] = model.execute({ image }, ['logits', 'xyxy']) as Tensor[];
  for (const [ours, theirs] of [
    [expected['logits']!, logits!],
    [expected['xyxy']!, xyxy!],
  ] as const) {
    expect(theirs.shape).toEqual(ours.shape);
    // Single precision over some forty layers in another order of summation; corners lie at some hundred pixels.
    expect(tidy(() => div(max(abs(sub(ours, theirs))), max(abs(ours))).dataSync()[0])).toBeLessThan(1e-4);
  }
  dispose([image, expected, logits, xyxy]);
  model.dispose();
  head.variables.forEach(({ value }) => value.dispose());
  backbone.dispose();
  expect(memory().numTensors).toBe(tensors);
}, 120_000);
