/**
 * Whether the networks that the packages bring compute on WebGPU what they compute on libtensorflow: their features, and
 * the gradients of a weighted sum of these in every weight, for two small inputs. Prints the largest difference, over the
 * largest number expected of that tensor, and exits with 1 where one is above 1e-3. Without a GPU a software driver serves
 * (VK_DRIVER_FILES, or Chromium's), which takes minutes.
 *
 *   npm run measure -- webgpu [efficientnet-lite0] [minilm-l6] [nanodet-coco]
 */
import { openBackend, type BackendName } from '@headstart/backend';
import { createArtifacts, RandomStream, silentProgress, type SourceDomain } from '@headstart/core';
import { runStages } from '@headstart/core/network';
import { nanoDetCoco } from '@headstart/detection';
import { miniLmL6 } from '@headstart/nlp';
import { efficientNetLite0 } from '@headstart/vision';
import * as tf from '@tensorflow/tfjs-core';
import { softwareVulkan } from '../workspace/software-vulkan.ts';

const TOLERANCE = 1e-3;
const [BATCH, SIDE, TOKENS] = [2, 64, 8];

const sources = [efficientNetLite0, miniLmL6, nanoDetCoco];
const asked = process.argv.slice(2);
const unknown = asked.filter((id) => !sources.some((source) => source.id === id));
if (unknown.length > 0) {
  console.error(`Usage: npm run measure -- webgpu [${sources.map(({ id }) => id).join('] [')}]`);
  process.exit(2);
}

type Numbers = ReadonlyMap<string, Float32Array>;

/** Pictures of any colours, or texts of any words, `[BATCH, …]`. */
function inputsOf(tensors: Readonly<Record<string, { shape: readonly number[]; dtype: 'float32' | 'int32' }>>) {
  const random = new RandomStream('inputs');
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, dtype }]) => {
      const full = [BATCH, ...(shape.length === 1 ? [TOKENS] : [SIDE, SIDE, 3])];
      const size = full.reduce((product, length) => product * length, 1);
      const draw = () =>
        dtype === 'float32'
          ? random.uniform(-1, 1)
          : name.includes('mask')
            ? 1
            : name.includes('type')
              ? 0
              : Math.floor(random.uniform(1000, 5000));
      return [name, tf.tensor(Array.from({ length: size }, draw), full, dtype)] as const;
    }),
  );
}

/** Features and gradients by name, on one backend. */
async function compute(prefer: BackendName, source: SourceDomain): Promise<{ features: Numbers; gradients: Numbers }> {
  const backend = await openBackend({ prefer, ...(prefer === 'libtensorflow' && { device: 'cpu' as const }) });
  try {
    const runtime = { artifacts: createArtifacts(), progress: silentProgress };
    const backbone = await source.open(runtime, { weights: 'published' });
    const inputs = inputsOf(backbone.input.tensors);
    const run = () => runStages(backbone.stages, inputs, { training: false });
    const weights = backbone.stages
      .flatMap(({ name, variables }) =>
        variables.map((variable) => ({ ...variable, name: `${name}/${variable.name}` })),
      )
      .filter(({ role }) => role === 'weight');
    const started = performance.now();
    const outputs = tf.tidy(run);
    const features = new Map<string, Float32Array>();
    for (const [name, output] of Object.entries(outputs)) features.set(name, Float32Array.from(await output.data()));
    const { value, grads } = tf.tidy(() =>
      tf.variableGrads(
        () => tf.addN(Object.values(run()).map(weightedSum)) as tf.Scalar,
        weights.map(({ value: weight }) => weight),
      ),
    );
    const gradients = new Map<string, Float32Array>();
    for (const { name, value: weight } of weights)
      gradients.set(name, Float32Array.from(await grads[weight.name]!.data()));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${source.id} on ${backend.details['adapter'] ?? backend.name}: ${seconds} s`);
    tf.dispose([inputs, outputs, value, grads]);
    backbone.dispose();
    return { features, gradients };
  } finally {
    await backend.close();
  }
}

/** So that no two outputs cancel out, and normalised ones have a gradient. */
function weightedSum(output: tf.Tensor): tf.Tensor {
  const random = new RandomStream('weights');
  return tf.sum(
    tf.mul(
      output,
      tf.tensor(
        Float32Array.from({ length: output.size }, () => random.uniform(-1, 1)),
        output.shape,
      ),
    ),
  );
}

const magnitude = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** The tensor that differs most, and by how much. Numbers that are rounding alone, beside the largest of all, count by that one. */
function worst(expected: Numbers, found: Numbers): { name: string; difference: number } {
  const floor = 1e-4 * Math.max(...[...expected.values()].map(magnitude));
  const differences = [...expected].map(([name, values]) => {
    const other = found.get(name)!;
    const largest = values.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0);
    return { name, difference: largest / Math.max(magnitude(values), floor) };
  });
  return differences.reduce((most, each) => (each.difference <= most.difference ? most : each));
}

Object.assign(process.env, softwareVulkan());
for (const source of sources.filter(({ id }) => asked.length === 0 || asked.includes(id))) {
  const expected = await compute('libtensorflow', source);
  const found = await compute('webgpu', source);
  for (const kind of ['features', 'gradients'] as const) {
    const { name, difference } = worst(expected[kind], found[kind]);
    const verdict = difference <= TOLERANCE ? 'equal' : 'DIFFER';
    console.log(`${source.id}: ${kind} ${verdict}, at most by ${difference.toExponential(1)} (${name})`);
    if (verdict === 'DIFFER') process.exitCode = 1;
  }
}
