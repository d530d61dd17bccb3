import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory, randomNormal, tidy } from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import { createArtifacts, silentProgress, type SourceRuntime } from '@headstart/core';
import { exportGraphModel } from '@headstart/core/export';
import { runStages, type Backbone, type Tensors } from '@headstart/core/network';
import { checkBackbone } from '@headstart/core/testing';
import { efficientNetLite0, smallCnn, tfjsScheme } from '@headstart/vision';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };

const forward = (backbone: Backbone, inputs: Tensors) => runStages(backbone.stages, inputs);

/** The sources of images, trained on the backend that a user trains on. */
describe('sources of images on libtensorflow', () => {
  let tensors = 0;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headstart-sources-'));
    await openBackend({ prefer: 'libtensorflow' });
    tensors = memory().numTensors;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => expect(memory().numTensors).toBe(tensors));

  it.each([
    { source: efficientNetLite0, weights: 'published' as const },
    { source: smallCnn, weights: 'none' as const },
  ])('$source.id keeps what every source must keep', async ({ source, weights }) => {
    await checkBackbone(source, { open: (options) => source.open(runtime, options), weights });
  });

  it('a network that was exported as a graph model is a source of its own', async () => {
    const original = await efficientNetLite0.open(runtime, { weights: 'published' });
    const variables = original.stages.flatMap((stage) => stage.variables);
    await exportGraphModel(
      { forward: (inputs) => forward(original, inputs), inputs: original.input.tensors, variables },
      join(folder, 'graph'),
    );
    const source = tfjsScheme.resolve(`${join(folder, 'graph')}#mean=127,deviation=128`);
    const graph = await source.open(runtime, { weights: 'published' });
    expect(graph.stages.length).toBeGreaterThan(10);
    const difference = tidy(() => {
      const image = randomNormal([2, 224, 224, 3], 0, 1, 'float32', 7);
      const [expected, actual] = [original, graph].map((backbone) =>
        forward(backbone, { image })['pooled']!.dataSync(),
      );
      return Math.max(...expected!.map((value, i) => Math.abs(value - actual![i]!)));
    });
    // The graph holds kernels with batch norm multiplied into them; both add up in single precision.
    expect(difference).toBeLessThan(1e-3);
    original.dispose();
    graph.dispose();
    await checkBackbone(source, { open: (options) => source.open(runtime, options), weights: 'published' });
  });
});
