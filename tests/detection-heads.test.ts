import {
  abs,
  dispose,
  max,
  memory,
  randomUniform,
  sub,
  tensor,
  tidy,
  train,
  variableGrads,
  type Rank,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import { RandomStream } from '@headstart/core';
import type { Backbone } from '@headstart/core/network';
import type { Backend } from '@headstart/core/backend';
import { heatMapDetection, objectDetection, type DetectionSample } from '@headstart/detection';
import { beforeAll, describe, expect, it } from 'vitest';

const SIDE = 128;
const LABELS = ['cat', 'dog'];
/** Maps of one width, as a source with a pyramid offers them, or of several, as a classifier does. */
const widths = { pyramid: [32, 32, 32], classifier: [16, 32, 48] };
const backboneOf = (kind: keyof typeof widths) =>
  ({
    architecture: kind,
    input: {
      tensors: { image: { shape: [SIDE, SIDE, 3], dtype: 'float32' } },
      preprocessing: {
        height: SIDE,
        width: SIDE,
        order: 'RGB',
        mean: [0, 0, 0],
        deviation: [1, 1, 1],
        interpolation: 'bilinear',
        fit: 'stretch',
        layout: 'NHWC',
      },
    },
    stages: [],
    features: [8, 16, 32].map((stride, i) => ({
      name: `c${stride}`,
      stage: 's',
      tensor: `c${stride}`,
      shape: [SIDE / stride, SIDE / stride, widths[kind][i]!],
      kind: 'map',
      stride,
    })),
  }) as unknown as Backbone;

const objects = (
  [
    [10, 20, 40, 30],
    [80, 60, 20, 50],
  ] as const
).map((box, label) => ({ box, label, crowd: false, area: box[2] * box[3], id: label }));
const sample: DetectionSample = {
  id: 'p',
  digest: 'p',
  image: { kind: 'file', path: 'p' },
  width: SIDE,
  height: SIDE,
  objects,
};

/** Heads of detection on maps of noise, in which every place is its own. */
describe('a head for detection', () => {
  let backend: Backend;
  const warnings: string[] = [];
  beforeAll(async () => {
    process.on('warning', ({ message }) => void warnings.push(message));
    backend = await openBackend({ prefer: 'libtensorflow' });
  });

  const variants = ['assignment=task-aligned,overlap=ciou', 'assignment=sim-ota'].map((options) =>
    objectDetection().withOptions!(options),
  );
  it.each([objectDetection(), ...variants, heatMapDetection()])(
    'has a step that is recorded and gives what it gives op by op: $id',
    async (task) => {
      const backbone = backboneOf('classifier');
      const head = task.buildHead(backbone, LABELS, new RandomStream('head'));
      const encoder = task.encoder({ backbone, labels: LABELS, augmentation: 'none' });
      const targets = Object.fromEntries(
        Object.entries(encoder.target(sample, { kind: 'plain' })).map(([name, values]) => [
          name,
          tensor(values, [1, ...encoder.targets[name]!.shape], encoder.targets[name]!.dtype),
        ]),
      );
      const maps = Object.fromEntries(
        backbone.features.map(({ tensor: name, shape }) => [
          name,
          randomUniform<Rank>([1, ...shape], -1, 1, 'float32', 3),
        ]),
      );
      const weights = head.variables.map(({ value }) => value);
      const step = (inputs: Record<string, Tensor>, truth: Record<string, Tensor>) =>
        tidy(() => {
          const { value, grads } = variableGrads(
            () => task.loss(head.forward(inputs, { training: true }), truth, { labelSmoothing: 0 }),
            weights,
          );
          return { loss: value, ...Object.fromEntries(weights.map(({ name }, i) => [String(i), grads[name]!])) };
        });
      const recorded = backend.compile(step);
      const [expected, first, again] = [
        step(maps, targets),
        await recorded(maps, targets),
        await recorded(maps, targets),
      ];
      for (const [name, value] of Object.entries(expected)) {
        // Sums over some thousand cells, in another order. Boxes of the coarsest level have no object, and no gradient.
        const scale = Math.max(max(abs(value)).dataSync()[0]!, 1e-6);
        for (const other of [first, again])
          expect(
            max(abs(sub(value, (other as Record<string, Tensor>)[name]!))).dataSync()[0]! / scale,
            name,
          ).toBeLessThan(1e-4);
      }
      expect(warnings).toEqual([]);
      recorded.dispose();
      dispose([maps, targets, expected, first, again]);
      weights.forEach((value) => value.dispose());
    },
    120_000,
  );

  it.each([
    ['object-detection', 'classifier'],
    ['object-detection', 'pyramid'],
    ['object-detection:assignment=task-aligned', 'pyramid'],
    ['object-detection:assignment=sim-ota,overlap=ciou', 'classifier'],
    ['heat-map-detection', 'classifier'],
    ['heat-map-detection', 'pyramid'],
  ] as const)(
    'learns a picture by heart: %s on a %s',
    async (id, kind) => {
      const before = memory().numTensors;
      const options = id.split(':')[1];
      const task =
        id === 'heat-map-detection'
          ? heatMapDetection()
          : options
            ? objectDetection().withOptions!(options)
            : objectDetection();
      const backbone = backboneOf(kind);
      const head = task.buildHead(backbone, LABELS, new RandomStream('head'));
      const encoder = task.encoder({ backbone, labels: LABELS, augmentation: 'none' });
      const targets = Object.fromEntries(
        Object.entries(encoder.target(sample, { kind: 'plain' })).map(([name, values]) => [
          name,
          tensor(values, [1, ...encoder.targets[name]!.shape], encoder.targets[name]!.dtype),
        ]),
      );
      const maps = Object.fromEntries(
        backbone.features.map(({ tensor: name, shape }) => [
          name,
          randomUniform<Rank>([1, ...shape], -1, 1, 'float32', 3),
        ]),
      );
      const optimiser = train.adam(id !== 'heat-map-detection' && kind === 'pyramid' ? 3e-2 : 3e-3);
      const weights = head.variables.map(({ value }) => value);
      for (let step = 0; step < 120; step++) {
        optimiser.minimize(
          () => task.loss(head.forward(maps, { training: true }), targets, { labelSmoothing: 0 }),
          false,
          weights,
        );
      }
      const outputs = head.forward(maps, { training: false }) as Record<string, Tensor>;
      const evaluator = task.evaluator(LABELS);
      await evaluator.add(outputs, targets);
      expect(evaluator.report().values['AP50']).toBeCloseTo(1, 6);
      const [prediction] = await task.decode(outputs, LABELS, { samples: [sample], encoder });
      expect(
        prediction!.objects
          .slice(0, 2)
          .map(({ label }) => label)
          .sort(),
      ).toEqual(LABELS);
      dispose([targets, maps, outputs]);
      optimiser.dispose();
      head.variables.forEach(({ value }) => value.dispose());
      expect(memory().numTensors).toBeLessThanOrEqual(before + 2); // Adam's two powers of beta stay with its class
    },
    120_000,
  );
});
