import {
  abs,
  dispose,
  max,
  mean,
  mul,
  stack,
  sub,
  tidy,
  variableGrads,
  type Tensor,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { encodeBatch, encodeInputs, inputTensors, toTensors } from '../data/encode-batch.ts';
import type { Encoder, View } from '../data/encoder.ts';
import { datasetOf } from '../domains/splits.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { Head, StackableHead } from '../network/head.ts';
import type { ModelVariable } from '../network/stage.ts';
import type { Tensors } from '../network/tensors.ts';
import { readValues } from '../network/variable-values.ts';
import { RandomStream } from '../random/random-stream.ts';
import { differenceOf } from './alike.ts';
import { sameValues } from './backbone-probe.ts';
import { headStream, type Bench } from './bench.ts';
import { expectThat, type Rule } from './rules.ts';
import { sealed } from './sealed-sample.ts';

const PLAIN = { kind: 'plain' } as const;
const views = () => PLAIN;
const LOSS = { labelSmoothing: 0.1 };
/** Sums are added up in another order. */
const SAME = 1e-4;

/** What of a task needs a network and samples, and no training. */
export const taskNetworkRules: readonly Rule<Bench>[] = [
  {
    rule: 'encodings can be repeated',
    async check(bench) {
      const { task, backbone, labels, samples } = bench;
      const others = datasetOf(samples);
      for (const augmentation of new Set(['none', ...task.augmentations])) {
        const encoder = task.encoder({ backbone, labels, augmentation });
        for (const sample of samples) {
          const view = (): View => ({ kind: 'augmented', random: new RandomStream('views').child(sample.id), others });
          const [first, second] = [await encoded(encoder, sample, view()), await encoded(encoder, sample, view())];
          expectSame(first, second, `"${sample.id}" under the augmentation "${augmentation}"`);
        }
      }
      const [one, another] = [0, 1].map(() => task.encoder({ backbone, labels, augmentation: 'none' }));
      expectThat(one!.key === another!.key, `an encoder has the key "${one!.key}", and the next one "${another!.key}"`);
      for (const sample of samples)
        expectSame(await encoded(one!, sample, PLAIN), await encoded(another!, sample, PLAIN), `"${sample.id}"`);
    },
  },
  {
    rule: 'encodings do not look at what is known of a sample',
    async check({ encoder, samples }) {
      for (const sample of samples)
        expectSame(await encoder.encode(unknown(sample), PLAIN), await encoder.encode(sample, PLAIN), `"${sample.id}"`);
    },
  },
  {
    rule: 'heads are drawn by their stream',
    async check({ task, backbone, labels, head }) {
      const names = head.variables.map(({ name }) => name);
      expectThat(new Set(names).size === names.length, `two variables have one name: ${names.join(', ')}`);
      const again = task.buildHead(backbone, labels, headStream());
      try {
        expectThat(
          again.variables.every(({ value }) => !head.variables.some((other) => other.value === value)),
          'two heads share a variable',
        );
        const [before, after] = [await readValues(variablesOf(head)), await readValues(variablesOf(again))];
        for (const [name, value] of before)
          expectThat(
            sameValues(value, after.get(name)!),
            `the variable "${name}" begins otherwise for the same stream`,
          );
      } finally {
        dispose(again.variables.map(({ value }) => value));
      }
    },
  },
  {
    rule: 'every weight of the head learns',
    async check(bench) {
      const weights = bench.head.variables.filter(({ role }) => role === 'weight');
      const before = await readValues(variablesOf(bench.head));
      const { value, grads } = await gradients(bench, weights);
      const loss = (await value.data())[0]!;
      value.dispose();
      expectThat(Number.isFinite(loss), `the loss is ${loss}`);
      for (const { name, value: weight } of weights) {
        const gradient = grads[weight.name];
        expectThat(gradient != null, `the weight "${name}" gets no gradient`);
        const values = await gradient!.data();
        expectThat(values.every(Number.isFinite), `the gradient of "${name}" is not finite`);
        // What an adapter or a gate begins with may hold a gradient back; a bias of all samples' mean may have none.
        expectThat(
          before.get(name)!.data.every((x) => x === 0) || values.some((x) => x !== 0),
          `the gradient of "${name}" is zero`,
        );
      }
      dispose(grads);
    },
  },
  {
    rule: 'a prediction does not depend on its batch',
    async check(bench) {
      const together = await predictions(bench, bench.samples);
      const backwards = (await predictions(bench, bench.samples.toReversed())).reverse();
      for (const [i, sample] of bench.samples.entries()) {
        const [alone] = await predictions(bench, [sample]);
        const difference = differenceOf(together[i], alone) ?? differenceOf(together[i], backwards[i]);
        expectThat(
          difference === undefined,
          `that of "${sample.id}" differs by what it is predicted with: ${difference}`,
        );
      }
    },
  },
  {
    rule: 'heads that are computed together give what each gives',
    async check(bench) {
      const { task, model, head, encoder, samples } = bench;
      const batch = await encodeBatch(encoder, samples, views);
      const differences = tidy(() => {
        const targets = toTensors(encoder.targets, batch.targets, batch.size);
        const features = model.forward(inputTensors(encoder.inputs, batch), 0, model.backbone.stages.length);
        const own = head.forward(features, { training: false });
        const costs = task.sampleLosses?.(own, targets, LOSS);
        const stacked = head.stackable && stackedOutputs(head, head.stackable, features);
        const furthest = (a: Tensor, b: Tensor) => max(abs(sub(a, b)));
        const loss = task.loss(own, targets, LOSS);
        const twice = bench.labels.map(() => 2);
        const heavy = { ...LOSS, classWeights: { present: twice, absent: twice } };
        return {
          ...(costs && { "the mean of the samples' losses": furthest(mean(costs), loss) }),
          ...(task.weighsClasses && {
            'half the loss where every class weighs 2': furthest(mul(task.loss(own, targets, heavy), 0.5), loss),
          }),
          ...(stacked &&
            Object.fromEntries(
              Object.entries(own).map(([name, output]) => [`the output "${name}"`, furthest(stacked[name]!, output)]),
            )),
        };
      });
      for (const [what, difference] of Object.entries(differences)) {
        const [furthest] = await difference.data();
        difference.dispose();
        expectThat(furthest! <= SAME, `${what} is ${furthest} away`);
      }
    },
  },
  {
    rule: 'predictions are of the content, in labels of the target',
    async check(bench) {
      const { task, labels, samples } = bench;
      const open = await predictions(bench, samples);
      const closed = await predictions(bench, samples.map(unknown));
      for (const [i, prediction] of open.entries()) {
        expectThat(
          differenceOf(prediction, closed[i]) === undefined,
          `that of "${samples[i]!.id}" depends on what is known of it`,
        );
        const strange = labelsIn(prediction).find((label) => !labels.includes(label));
        expectThat(strange === undefined, `the label "${strange}" is predicted; the target's are ${labels.join(', ')}`);
        expectThat(task.describe(prediction).trim() !== '', 'a prediction is described by nothing');
      }
    },
  },
  {
    rule: 'the evaluator reports what it promises, in whatever order',
    async check(bench) {
      const { task, samples } = bench;
      const [first, second] = [await report(bench, samples), await report(bench, samples.toReversed())];
      const difference = differenceOf(first.values, second.values);
      expectThat(difference === undefined, `the order of samples matters: ${difference}`);
      const { reports } = first;
      const lost = reports && Object.keys(first.values).find((name) => !reports.includes(name));
      expectThat(lost === undefined, `it reports "${lost}", which is not among the names that it can report`);
      const { metric } = task.monitor;
      const known = reports ?? Object.keys(first.values);
      expectThat(known.includes(metric), `it watches "${metric}", which is not among ${known.join(', ')}`);
    },
  },
];

/** What two heads with the weights of this one give of the same samples, `[2, batch, …]`. */
function stackedOutputs(head: Head, parts: StackableHead, features: Tensors): Tensors {
  const twice = (tensor: Tensor) => stack([tensor, tensor]);
  const weights = head.variables.filter(({ role }) => role === 'weight').map(({ name, value }) => [name, twice(value)]);
  return parts.forward(twice(parts.prepare(features)) as Tensor3D, Object.fromEntries(weights) as Tensors);
}

const unknown = (sample: Sample) => sealed(sample, () => true, 'which is not to be known here');
const variablesOf = (head: Head) =>
  head.variables.map((variable): [string, ModelVariable] => [variable.name, variable]);

async function encoded(encoder: Encoder, sample: Sample, view: View) {
  return { inputs: await encoder.encode(sample, view), targets: encoder.target(sample, view) };
}

function expectSame(a: unknown, b: unknown, what: string): void {
  const difference = differenceOf(a, b);
  expectThat(difference === undefined, `${what} is encoded one way, and then another: ${difference}`);
}

/** The loss of the samples, and its gradients in the head's weights, which are moved off where they were drawn. */
async function gradients({ task, model, encoder, samples }: Bench, weights: readonly ModelVariable[]) {
  const batch = await encodeBatch(encoder, samples, views);
  return tidy(() => {
    const inputs = inputTensors(encoder.inputs, batch);
    const targets = toTensors(encoder.targets, batch.targets, batch.size);
    return variableGrads(
      () => task.loss(model.forward(inputs), targets, LOSS),
      weights.map(({ value }) => value),
    );
  });
}

async function outputs({ model, encoder }: Bench, samples: readonly Sample[]): Promise<Record<string, Tensor>> {
  const batch = await encodeInputs(encoder, samples);
  return tidy(() => ({ ...model.forward(inputTensors(encoder.inputs, batch)) }));
}

async function predictions(bench: Bench, samples: readonly Sample[]): Promise<unknown[]> {
  const given = await outputs(bench, samples);
  try {
    return await bench.task.decode(given, bench.labels, { samples, encoder: bench.encoder });
  } finally {
    dispose(given);
  }
}

async function report(bench: Bench, samples: readonly Sample[]) {
  const evaluator = bench.task.evaluator(bench.labels);
  for (const half of [samples.slice(0, 2), samples.slice(2)]) {
    if (half.length === 0) continue;
    const given = await outputs(bench, half);
    const { targets } = await encodeBatch(bench.encoder, half, views);
    const truth = toTensors(bench.encoder.targets, targets, half.length);
    await evaluator.add(given, truth, { samples: half, encoder: bench.encoder }).finally(() => dispose([given, truth]));
  }
  await evaluator.finish?.();
  return { values: evaluator.report().values, reports: evaluator.reports };
}

/** Every `label` in a prediction, and a prediction that is one. */
function labelsIn(prediction: unknown): string[] {
  if (typeof prediction === 'string') return [prediction];
  if (typeof prediction !== 'object' || prediction === null || ArrayBuffer.isView(prediction)) return [];
  return Object.entries(prediction).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'string') return name === 'label' ? [value] : [];
    return labelsIn(value);
  });
}
