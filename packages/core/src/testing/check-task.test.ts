import { add, keep, mean, mul, scalar, sub, type Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import { afterEach, describe, expect, it } from 'vitest';
import type { Encoder } from '../data/encoder.ts';
import type { TargetData } from '../domains/target-domain.ts';
import type { Evaluator } from '../metrics/evaluator.ts';
import type { Head, StackableHead } from '../network/head.ts';
import { withMembers } from '../network/with-members.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { Task } from '../tasks/task.ts';
import { checkTask, type TaskCheck } from './check-task.ts';
import { pointDomain, type PointSample } from './point-domain.ts';

const { task: sound, ...domain } = pointDomain();
const check: TaskCheck = { ...domain, inputs: ['0.5,-1'], bad: ['north'] };

const kept: { dispose(): void }[] = [];
afterEach(() => kept.splice(0).forEach((tensor) => tensor.dispose()));
let calls = 0;

const encoder = (change: (own: Encoder) => Partial<Encoder>): Partial<Task> => ({
  encoder(options) {
    const own = sound.encoder(options);
    return { ...own, ...change(own) };
  },
});
const head = (change: (own: Head, random: RandomStream) => object): Partial<Task> => ({
  buildHead(backbone, labels, random) {
    const own = sound.buildHead(backbone, labels, random);
    return withMembers(own, change(own, random));
  },
});
const evaluator = (change: (own: Evaluator) => object): Partial<Task> => ({
  evaluator(labels, options) {
    const own = sound.evaluator(labels, options);
    return { ...own, ...change(own) };
  },
});
let last: TargetData | undefined;
const pointOf = (sample: object) => (sample as PointSample).point;

const faults: Readonly<Record<string, readonly [change: Partial<Task>, says: RegExp]>> = {
  'has no monitor': [{ monitor: undefined }, /it keeps its contract: .*monitor/],
  'takes data without a sample': [
    { check() {} },
    /it takes data that can be learned, and no other: a target without a sample is accepted/,
  ],
  'refuses data without a code': [
    {
      check({ samples }) {
        if (samples.length === 0) throw new Error('nothing');
      },
    },
    /it takes data that can be learned.*without a code.*nothing/,
  ],
  'has a default augmentation that it does not know': [
    { defaults: { ...sound.defaults, augmentation: 'flip' } },
    /its augmentations are known: "flip"/,
  ],
  'takes any option': [{ withOptions: () => sound }, /options are taken or refused: .*"no-such-option=1" is accepted/],
  'reads anything as an input': [
    { parseInput: async (input) => ({ ...(await sound.parseInput('1,2')), digest: String(input) }) },
    /inputs are read, or refused.*"north" is accepted/,
  ],
  'refuses inputs without a code': [
    {
      async parseInput(input, name) {
        if (typeof input !== 'string') throw new TypeError('no text');
        return sound.parseInput(input, name);
      },
    },
    /inputs are read, or refused.*without a code.*no text/,
  ],
  'gives an input another digest each time': [
    { parseInput: async (...args) => ({ ...(await sound.parseInput(...args)), digest: String(++calls) }) },
    /inputs are read, or refused.*one digest, and another/,
  ],
  'encodes by chance': [
    encoder(() => ({
      encode: async (sample) => ({ point: Float32Array.from(pointOf(sample), (x) => x + Math.random()) }),
    })),
    /encodings can be repeated: "p\d+" under the augmentation/,
  ],
  'encodes by what it has encoded before': [
    encoder(() => ({ encode: async () => ({ point: Float32Array.of(++calls, 1) }) })),
    /encodings can be repeated: "p\d+"/,
  ],
  'has a key for each encoder': [
    encoder(() => ({ key: `point@${++calls}` })),
    /encodings can be repeated: .*the key "point@/,
  ],
  'encodes too little': [
    encoder(() => ({ encode: async () => ({ point: new Float32Array(1) }) })),
    /inputs are read, or refused.*: .*1 values where \[2\] takes 2/,
  ],
  'encodes the label': [
    encoder(() => ({ encode: async (sample) => ({ point: Float32Array.of(pointOf(sample)[0], sample.label ?? 0) }) })),
    /do not look at what is known.*: .*the label of "p\d+" is read/,
  ],
  'draws its head by chance': [
    { buildHead: (backbone, labels) => sound.buildHead(backbone, labels, new RandomStream(`chance ${++calls}`)) },
    /heads are drawn by their stream: the variable "kernel" begins otherwise/,
  ],
  'has two variables of one name': [
    head(({ variables }) => ({ variables: variables.map((variable) => ({ ...variable, name: 'weight' })) })),
    /heads are drawn by their stream: two variables have one name/,
  ],
  'has a weight that nothing reads': [
    head(({ variables }) => ({
      variables: [...variables.slice(0, 2), { ...variables[2]!, role: 'weight' }, variables[3]!],
      forward: ({ vector }: Record<string, Tensor>) => ({
        logits: add(vector!.matMul(variables[0]!.value as never), variables[1]!.value),
      }),
    })),
    /every weight of the head learns: the weight "mean" gets no gradient/,
  ],
  'has a loss that is not a number': [{ loss: () => scalar(NaN) }, /every weight of the head learns: .*/],
  'predicts a sample by its batch': [
    head((own) => ({
      forward(inputs: Record<string, Tensor>, mode: never) {
        const { logits } = own.forward(inputs, mode) as { logits: Tensor };
        return { logits: sub(logits, mean(logits, 0)) };
      },
    })),
    /a prediction does not depend on its batch: that of "p\d+" differs/,
  ],
  'has losses of samples that are not those of its loss': [
    { sampleLosses: (...args) => mul(sound.sampleLosses!(...args), 2) },
    /heads that are computed together give what each gives: the mean of the samples' losses is/,
  ],
  'computes heads otherwise when they are together': [
    head(({ stackable }) => ({
      stackable: {
        ...stackable,
        forward: (...[prepared, weights]: Parameters<StackableHead['forward']>) =>
          stackable!.forward(mul(prepared, 2), weights),
      },
    })),
    /heads that are computed together give what each gives: the output "logits" is/,
  ],
  'predicts what is known': [
    { decode: async (_outputs, labels, encoded) => encoded!.samples.map(({ label }) => labels[label ?? 0]!) },
    /in labels of the target: .*the label of "p\d+" is read/,
  ],
  'predicts labels of its own': [
    { decode: async (...args) => (await sound.decode(...args)).map((label) => `the ${String(label)} one`) },
    /in labels of the target: the label "the \w+ one"/,
  ],
  'predicts too few': [
    { decode: async (...args) => (await sound.decode(...args)).slice(1) },
    /decode gave \d predictions for \d samples/,
  ],
  'describes nothing': [{ describe: () => '' }, /in labels of the target: a prediction is described by nothing/],
  'evaluates the last batch only': [
    {
      evaluator(labels) {
        let own = sound.evaluator(labels);
        return {
          add: async (...args) => {
            own = sound.evaluator(labels);
            await own.add(...args);
          },
          report: (options) => own.report(options),
          evidence: () => own.evidence!(),
        };
      },
    },
    /the evaluator reports what it promises, in whatever order: the order of samples matters/,
  ],
  'watches what it never reports': [
    { monitor: { metric: 'joy', mode: 'max' } },
    /the evaluator reports what it promises.*: it watches "joy"/,
  ],
  'reports what it does not list': [
    evaluator(() => ({ reports: ['accuracy'] })),
    /the evaluator reports what it promises.*: it reports "\w+", which is not among/,
  ],
  'says that it weighs classes, and does not': [
    {
      sampleLosses: undefined,
      loss: (outputs, targets, options) => sound.loss(outputs, targets, { ...options, classWeights: undefined }),
    },
    /heads that are computed together give what each gives: half the loss where every class weighs 2 is/,
  ],
  'looks at the test split while it trains': [
    {
      check(data) {
        sound.check(data);
        if (data.samples.length > 0) last = data;
      },
      loss(...args) {
        const peeked = last!.samples.find(({ split }) => split === 'test')?.sample.label ?? 0;
        return mul(sound.loss(...args), 1 + 0 * peeked);
      },
    },
    /reads nothing of the test split.*: .*the label of "p\d+" is read, before training has ended/,
  ],
  'has an infinite loss without label smoothing': [
    {
      loss: (outputs, targets, options) =>
        options.labelSmoothing > 0
          ? sound.loss(outputs, targets, options)
          : mul(sound.loss(outputs, targets, options), Infinity),
    },
    /it trains.*: the loss is Infinity/,
  ],
  'counts steps outside of them': [
    {
      sampleLosses: undefined,
      weighsClasses: undefined,
      loss: (...args) => mul(sound.loss(...args), 1 + Math.sin(++calls)),
    },
    /the same seed gives the same weights: a second run/,
  ],
  'reads a value in its loss': [
    {
      loss(...args) {
        const loss = sound.loss(...args);
        return mul(loss, loss.dataSync()[0]! > 1e9 ? 2 : 1);
      },
    },
    /steps can be recorded: a step reads the values of a tensor/,
  ],
  'leaves a tensor in its evaluator': [
    evaluator((own) => ({
      add: async (...args: Parameters<Evaluator['add']>) => {
        kept.push(keep(scalar(1)));
        await own.add(...args);
      },
    })),
    /no tensor is left: .*after "the evaluator reports/,
  ],
};

describe('checkTask', () => {
  it('accepts a task that keeps the contract', async () => {
    await checkTask(sound, check);
    await checkTask(sound, { ...check, weights: 'none' });
  });

  it('accepts options that are taken or refused by an error that is meant', async () => {
    const withOptions: Task['withOptions'] = (options) => {
      if (options === 'wide') return { ...sound, id: `${sound.id}:wide` };
      throw new HeadstartError({ code: 'invalid-option', message: `no "${options}"`, hint: 'wide' });
    };
    await checkTask({ ...sound, withOptions }, { ...check, options: { valid: ['wide'] } });
  });

  it.each(Object.entries(faults))('catches one that %s', async (_, [change, says]) => {
    const broken = checkTask({ ...sound, ...change }, check);
    await expect(broken).rejects.toThrow(says);
    await expect(broken).rejects.toThrow(/^checkTask: The task "point-classification": /);
  });
});
