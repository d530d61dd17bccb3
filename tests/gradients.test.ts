import { openBackend } from '@headstart/backend';
import { createArtifacts, RandomStream, silentProgress, type SourceDomain } from '@headstart/core';
import { STATELESS_UNIFORM, type Backend } from '@headstart/core/backend';
import { runStages, StepRandom } from '@headstart/core/network';
import { nanoDetCoco } from '@headstart/detection';
import { miniLmL6 } from '@headstart/nlp';
import { efficientNetLite0, smallCnn } from '@headstart/vision';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workspaceRoot } from '../tools/workspace/root.mjs';
import { gradientCases, type GradientCase } from './fixtures/differentiable-ops.ts';
import { drawInput, type TestArray } from './fixtures/drawn-inputs.ts';
import { namesFromCore, usedNames } from './fixtures/used-ops.ts';

/** What else the packages take from TensorFlow.js core: nothing that a gradient flows through. */
const WITHOUT_GRADIENT = new Set([
  // values that are made, or are not numbers, or steps
  ...[
    'cast',
    'equal',
    'fill',
    'greater',
    'greaterEqual',
    'isFinite',
    'less',
    'lessEqual',
    'logicalAnd',
    'logicalNot',
    'logicalOr',
    'notEqual',
  ],
  ...[
    'eye',
    'ones',
    'onesLike',
    'range',
    'scalar',
    'step',
    'tensor',
    'tensor1d',
    'tensor2d',
    'tensor3d',
    'tensor4d',
    'zeros',
    'zerosLike',
    'oneHot',
    'argMax',
    'topk',
    'floor',
    'round',
    'sign',
  ],
  // the engine, and gradients themselves
  ...[
    'customGrad',
    'dispose',
    'engine',
    'Tensor',
    'env',
    'getBackend',
    'getGradient',
    'getKernel',
    'grad',
    'grads',
    'io',
    'keep',
    'memory',
    'ready',
    'registerGradient',
    'setBackend',
    'tidy',
  ],
  ...['util', 'valueAndGrad', 'valueAndGrads', 'variable', 'variableGrads', 'backend_util', 'version_core'],
]);

/** Kernels of no gradient's: random numbers and their comparison, for dropout. */
const KERNELS_WITHOUT_GRADIENT = new Set([STATELESS_UNIFORM, 'GreaterEqual']);

/** Half the distance of a central difference; the other is taken at twice that. */
const STEP = 0.01;

const tensorsOf = (arrays: readonly TestArray[]) => arrays.map(({ shape, values }) => tf.tensor(values, shape));

/** Weights of the outputs, so that no two errors cancel out. Drawn beforehand: a step that draws cannot be recorded. */
const WEIGHTS = (() => {
  const random = new RandomStream('weights of outputs');
  return Float32Array.from({ length: 1000 }, () => random.uniform(0.5, 1.5) * (random.next() < 0.5 ? -1 : 1));
})();
const weightsOf = (size: number) => WEIGHTS.slice(0, size);

const weighted = (y: Tensor) => tf.sum(tf.mul(y, tf.tensor(weightsOf(y.size), y.shape)));
const gradientsOf =
  ({ f }: GradientCase) =>
  (...inputs: Tensor[]) =>
    tf.tidy(() => tf.grads((...given: Tensor[]) => weighted(f(...given)))(inputs));

async function read(gradients: readonly Tensor[]): Promise<Float32Array[]> {
  const values = await Promise.all(gradients.map((gradient) => gradient.data<'float32'>()));
  tf.dispose(gradients as Tensor[]);
  return values;
}

/** The weighted sum of the outputs, and that of their absolute values, added up in double precision. */
function outputs({ f }: GradientCase, arrays: readonly TestArray[]): { sum: number; size: number } {
  const values = tf.tidy(() => f(...tensorsOf(arrays)).dataSync<'float32'>());
  const products = Array.from(weightsOf(values.length), (weight, i) => weight * values[i]!);
  return { sum: products.reduce((a, b) => a + b, 0), size: products.reduce((a, b) => a + Math.abs(b), 0) };
}

/** The derivative along the directions by central differences at two distances, extrapolated to none (Richardson). */
function numericDerivative(
  testCase: GradientCase,
  arrays: readonly TestArray[],
  directions: readonly Float32Array[],
): number {
  const at = (distance: number) =>
    outputs(
      testCase,
      arrays.map(({ shape, values }, i) => ({
        shape,
        values: values.map((value, j) => value + distance * directions[i]![j]!),
      })),
    ).sum;
  const central = (distance: number) => (at(distance) - at(-distance)) / (2 * distance);
  return (4 * central(STEP) - central(2 * STEP)) / 3;
}

let backend: Backend;
const warnings: string[] = [];
const note = ({ message }: Error) => void warnings.push(message);

beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu', capture: true });
  process.on('warning', note);
});
afterAll(async () => {
  process.off('warning', note);
  await backend.close();
});

describe.each(gradientCases.map((testCase) => [testCase.name, testCase] as const))(
  'the gradient of %s',
  (name, testCase) => {
    const arrays = testCase.inputs.map((input, i) => drawInput(input, new RandomStream('values').child(name, i)));

    it('is that of central differences', async () => {
      const inputs = tensorsOf(arrays);
      const gradients = await read(gradientsOf(testCase)(...inputs));
      tf.dispose(inputs);
      const directions = arrays.map(({ values }, i) => {
        const random = new RandomStream('directions').child(name, i);
        return values.map(() => random.uniform(-1, 1));
      });
      const terms = directions.flatMap((direction, i) =>
        Array.from(direction, (component, j) => component * gradients[i]![j]!),
      );
      const analytic = terms.reduce((a, b) => a + b, 0);
      const magnitude = terms.reduce((a, b) => a + Math.abs(b), 0);
      // Each output carries rounding of some units of 2^-24, twice over twice the step, 1.5 times by the
      // extrapolation, whose own error is of the step's fourth power; gradients carry theirs.
      const tolerance = (1.5 * 4 * 2 ** -24 * outputs(testCase, arrays).size) / STEP + 1e-5 * magnitude;
      expect(tolerance, 'the case is too ill-conditioned to show an error').toBeLessThan(0.02 * magnitude);
      expect(Math.abs(numericDerivative(testCase, arrays, directions) - analytic)).toBeLessThan(tolerance);
    });

    it('is the same captured', async () => {
      const tensors = tf.memory().numTensors;
      const inputs = tensorsOf(arrays);
      const eager = await read(gradientsOf(testCase)(...inputs));
      const step = backend.compile(gradientsOf(testCase));
      const captured = await read(await step(...inputs));
      step.dispose();
      tf.dispose(inputs);
      captured.forEach((gradient, i) => {
        const largest = Math.max(...eager[i]!.map(Math.abs));
        // A graph may add in another order, and round once where two ops are fused.
        gradient.forEach((value, j) => expect(Math.abs(value - eager[i]![j]!)).toBeLessThan(1e-5 * (1 + largest)));
      });
      // A step that could not be captured says so.
      await new Promise(setImmediate);
      expect(warnings.splice(0)).toEqual([]);
      expect(tf.memory().numTensors).toBe(tensors);
    });
  },
);

/** Names of the kernels that run meanwhile. */
async function kernelsOf(work: () => unknown): Promise<Set<string>> {
  const seen = new Set<string>();
  const kernels = tf.getKernelsForBackend(tf.getBackend()) as { kernelName: string; kernelFunc: tf.KernelFunc }[];
  const before = kernels.map(({ kernelFunc }) => kernelFunc);
  for (const kernel of kernels) {
    const { kernelFunc, kernelName } = kernel;
    kernel.kernelFunc = (call) => {
      seen.add(kernelName);
      return kernelFunc(call);
    };
  }
  try {
    await work();
  } finally {
    kernels.forEach((kernel, i) => (kernel.kernelFunc = before[i]!));
  }
  return seen;
}

/** Forward and backward through a network as it is trained from scratch. */
async function trainingStep(source: SourceDomain): Promise<void> {
  const backbone = await source.open({ artifacts: createArtifacts(), progress: silentProgress }, { weights: 'none' });
  tf.tidy(() => {
    const mode = { training: true, random: new StepRandom(tf.tensor1d([1, 2], 'int32')) };
    const inputs = Object.entries(backbone.input.tensors).map(
      ([name, { shape, dtype }]) => [name, tf.ones([2, ...shape], dtype)] as const,
    );
    const weights = backbone.stages.flatMap(({ variables }) => variables).filter(({ role }) => role === 'weight');
    tf.variableGrads(
      () => {
        const outputs = runStages(backbone.stages, Object.fromEntries(inputs), mode);
        return tf.addN(Object.values(outputs).map((output) => tf.mean(output)));
      },
      weights.map(({ value }) => value),
    );
  });
  backbone.dispose();
}

describe('the cases', () => {
  it('are of every op that the packages use and a gradient may flow through', async () => {
    const cases = new Set(gradientCases.map(({ name }) => /^[\w.]+/.exec(name)![0]));
    const missing = [...(await usedNames(workspaceRoot))].filter(
      ([name]) => !cases.has(name) && !WITHOUT_GRADIENT.has(name),
    );
    expect(
      missing.map(([name, file]) => `${name}, used in ${file}: add a case to tests/fixtures/differentiable-ops.ts`),
    ).toEqual([]);
  });

  it('are of ops by the names that sources import', () => {
    const source = `import { relu, image, type Tensor,\n  add as plus } from '@tensorflow/tfjs-core';\nimport * as tf from '@tensorflow/tfjs-core';\nimage.resizeBilinear(x); tf.erf(x);`;
    expect(namesFromCore(source)).toEqual(['relu', 'image.resizeBilinear', 'add', 'erf']);
  });

  it.each([efficientNetLite0, smallCnn, miniLmL6, nanoDetCoco])(
    'run every kernel that a training step of $id runs',
    async (source) => {
      const tried = await kernelsOf(() => {
        for (const testCase of gradientCases) {
          tf.tidy(
            () =>
              void gradientsOf(testCase)(
                ...tensorsOf(
                  testCase.inputs.map((input, i) =>
                    drawInput(input, new RandomStream('values').child(testCase.name, i)),
                  ),
                ),
              ),
          );
        }
      });
      const used = await kernelsOf(() => trainingStep(source));
      expect(used.size).toBeGreaterThan(10);
      expect([...used].filter((kernel) => !tried.has(kernel) && !KERNELS_WITHOUT_GRADIENT.has(kernel))).toEqual([]);
      // Weights that are not here yet are fetched.
    },
    600_000,
  );
});
