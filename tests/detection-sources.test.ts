import { abs, dispose, max, memory, randomUniform, sub, tidy } from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import { createArtifacts, HeadstartError, RandomStream, silentProgress, type SourceRuntime } from '@headstart/core';
import { runStages, type Tensors } from '@headstart/core/network';
import { checkBackbone } from '@headstart/core/testing';
import { efficientNetLite0Fpn, objectDetection } from '@headstart/detection';
import { efficientNetLite0, smallCnn } from '@headstart/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };
const source = efficientNetLite0Fpn(() => efficientNetLite0);

describe('efficientnet-lite0-fpn', () => {
  let tensors = 0;
  beforeAll(async () => {
    await openBackend({ prefer: 'libtensorflow' });
    tensors = memory().numTensors;
  });
  afterAll(() => expect(memory().numTensors).toBe(tensors));

  it('hands on the maps that the classifier computes', async () => {
    const [detector, classifier] = [
      await source.open(runtime, { weights: 'published' }),
      await efficientNetLite0.open(runtime, { weights: 'published' }),
    ];
    const image = randomUniform([1, 416, 416, 3], -1, 1, 'float32', 5);
    tidy(() => {
      const maps = runStages(detector.stages, { image });
      expect(Object.keys(maps).sort()).toEqual(['c16', 'c32', 'c8']);
      let x: Tensors = { image };
      for (const stage of classifier.stages) {
        x = stage.forward(x, { training: false });
        const feature = detector.features.find((each) => each.stage === stage.name);
        if (feature) expect(max(abs(sub(maps[feature.name]!, x['map']!))).dataSync()[0]).toBe(0);
      }
    });
    expect(detector.features.map(({ shape, stride }) => [stride, ...shape])).toEqual([
      [8, 52, 52, 40],
      [16, 26, 26, 112],
      [32, 13, 13, 320],
    ]);
    const parameters = detector.stages
      .flatMap(({ variables }) => variables)
      .reduce((sum, { role, value }) => (role === 'weight' ? sum + value.size : sum), 0);
    expect(parameters).toBe(source.card.parameters);
    dispose(image);
    detector.dispose();
    classifier.dispose();
  }, 120_000);

  it('gets a head with a pyramid of its own', async () => {
    const backbone = await source.open(runtime, { weights: 'none' });
    const head = objectDetection().buildHead(backbone, ['a', 'b', 'c'], new RandomStream('head'));
    const shapes = tidy(() => {
      const inputs = Object.fromEntries(
        backbone.features.map(({ tensor, shape }) => [tensor, randomUniform([2, ...shape], 0, 1)]),
      );
      return Object.fromEntries(
        Object.entries(head.forward(inputs, { training: false })).map(([name, { shape }]) => [name, shape]),
      );
    });
    expect(shapes).toEqual({ logits: [2, 3549, 3], distances: [2, 3549, 44], xyxy: [2, 3549, 4] });
    expect(head.variables.map(({ name }) => name)).toContain('lateral/32/kernel');
    head.variables.forEach(({ value }) => value.dispose());
    backbone.dispose();
  });

  it('keeps what every source must keep', async () => {
    await checkBackbone(source, { open: (options) => source.open(runtime, options), weights: 'published' });
  }, 300_000);

  it('is what the classifier itself is not: its stages do not hand on three maps at once', async () => {
    const backbone = await efficientNetLite0.open(runtime, { weights: 'none' });
    expect(() => objectDetection().buildHead(backbone, ['a'], new RandomStream('head'))).toThrow(
      expect.objectContaining({
        code: 'not-supported',
        message: expect.stringContaining('3 feature maps or more at its end') as string,
      }) as Error,
    );
    backbone.dispose();
  });

  it('is not built on a network that lacks the maps', async () => {
    const onSmallCnn = efficientNetLite0Fpn(() => smallCnn);
    const failure = await onSmallCnn.open(runtime, { weights: 'none' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HeadstartError);
    expect(failure).toMatchObject({ code: 'not-supported', message: expect.stringContaining('stride 8') as string });
  });
});
