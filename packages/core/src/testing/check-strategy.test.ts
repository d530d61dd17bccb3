import { add, keep, mean, scalar, square, variable, zeros, type Scalar } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import { afterEach, describe, expect, it } from 'vitest';
import { HEAD } from '../network/head.ts';
import { lossTerm, type LossTerm } from '../network/loss-term.ts';
import type { Phase, Strategy } from '../strategies/strategy.ts';
import { checkStrategy } from './check-strategy.ts';

const phase = ({ epochs, learningRate = 0.01 }: { epochs: number; learningRate?: number }, last: string): Phase => ({
  name: 'top',
  epochs,
  trainable: { [last]: 0.5, [HEAD]: 1 },
  optimiser: { kind: 'adamw', learningRate, weightDecay: 0 },
  schedule: { warmup: 0, decay: 'constant' },
  batchStatistics: false,
});
/** Trains the last stage and the head; alone or, by `top:two`, in two phases. */
const sound: Strategy = {
  id: 'top',
  description: 'The last stage and the head',
  start: 'source',
  defaults: { epochs: 2, batchSize: 8 },
  plan: (stages, budget) => [phase(budget, stages.at(-1)!.name)],
  withOptions(options) {
    if (options !== 'two')
      throw new HeadstartError({ code: 'invalid-option', message: `top takes no "${options}".`, hint: 'top:two' });
    return {
      ...sound,
      id: 'top:two',
      plan: (stages, budget) => [1, 2].map((n) => ({ ...phase(budget, stages.at(-1)!.name), name: `top ${n}` })),
    };
  },
};

const altered = (change: (phase: Phase) => object): Partial<Strategy> => ({
  plan: (...args) => sound.plan(...args).map((planned) => ({ ...planned, ...change(planned) })),
});
const withTerm = (needs: LossTerm['needs'], value: (inputs: never) => unknown): Partial<Strategy> => {
  const term = { name: 'term', needs, value } as LossTerm;
  return altered(() => ({ losses: [term] }));
};
const loss = (value: (add: Scalar) => Scalar) =>
  withTerm({ embedding: true }, ({ labelled }: { labelled: { embedding: Scalar } }) =>
    value(mean(square(labelled.embedding))),
  );

let calls = 0;
const kept: { dispose(): void }[] = [];
afterEach(() => kept.splice(0).forEach((tensor) => tensor.dispose()));

const faults: Readonly<Record<string, readonly [change: Partial<Strategy>, says: RegExp]>> = {
  'starts from nothing known': [{ start: 'nowhere' as never }, /it keeps its contract: .*start/],
  'plans nothing': [{ plan: () => [] }, /it plans for the network.*: .*no phase/],
  'knows the names of one network only': [
    { plan: (stages, budget) => [phase(budget, stages.some(({ name }) => name === 'upper') ? 'upper' : 'layer4')] },
    /small and large networks and budgets: for 1 stage and \{"epochs":1\}: .*"layer4"/,
  ],
  'fails for a network of one stage': [
    { plan: (stages, budget) => [phase(budget, stages[stages.length - 2]!.name)] },
    /small and large networks and budgets: for 1 stage/,
  ],
  'halves the epochs down to none': [
    altered(({ epochs }) => ({ epochs: Math.floor(epochs / 2) })),
    /small and large networks and budgets: .*0\.epochs/,
  ],
  'sorts the stages that it is given': [
    {
      plan(stages, budget) {
        (stages as unknown as { parameters: number }[]).sort((a, b) => a.parameters - b.parameters);
        return [phase(budget, stages.at(-1)!.name)];
      },
    },
    /plans are pure: plan alters the stages/,
  ],
  'plans otherwise the second time': [
    { plan: (stages, budget) => [{ ...phase(budget, stages.at(-1)!.name), name: `call ${++calls}` }] },
    /plans are pure: plan gives .* and then/,
  ],
  'trains for as long as it likes': [altered(() => ({ epochs: 2 })), /plans follow the budget: .*2 epochs in all/],
  'has a rate of its own': [
    altered(({ optimiser }) => ({ optimiser: { ...optimiser, learningRate: 0.1 } })),
    /plans follow the budget: .*0\.012345/,
  ],
  'takes any option': [
    { withOptions: (options) => ({ ...sound, id: `top:${options}` }) },
    /options are taken or refused: the option "no-such-option=1" is accepted/,
  ],
  'refuses options without a code': [
    {
      withOptions() {
        throw new TypeError('bad option');
      },
    },
    /options are taken or refused: .*without a code.*bad option/,
  ],
  'leaves the head as it was drawn': [
    { plan: (stages, budget) => [{ ...phase(budget, stages.at(-1)!.name), trainable: { [stages.at(-1)!.name]: 1 } }] },
    /the head trains: no phase/,
  ],
  'names a stage that its rate leaves as it is': [
    {
      plan: (stages, budget) => [
        { ...phase(budget, stages.at(-1)!.name), trainable: { [stages[0]!.name]: 1e-60, [HEAD]: 1 } },
      ],
    },
    /the named stages train and no other: the stage "lower" stays as it was/,
  ],
  'has a term that asks for what it does not take': [
    withTerm({ embedding: true, unlabelled: true }, ({ labelled }: { labelled: { embedding: Scalar } }) =>
      mean(labelled.embedding),
    ),
    /what they ask for, and no more: the term "term" asks for unlabelled and never takes it/,
  ],
  'has a term that takes what it does not ask for': [
    withTerm({ embedding: true }, (inputs: { labelled: { embedding: Scalar; outputs?: unknown } }) =>
      mean(inputs.labelled.embedding).mul(inputs.labelled.outputs ? 1 : 2),
    ),
    /what they ask for, and no more: the term "term" takes outputs, which it does not ask for/,
  ],
  'has a term that fails': [
    withTerm({}, () => {
      throw new Error('pulled');
    }),
    /the named stages train and no other: .*loss term "term": pulled/,
  ],
  'draws by Math.random': [
    loss((value) => add(value, Math.random()).mul(1 + Math.random())),
    /the same seed gives the same weights: a second run gives other weights/,
  ],
  'counts its steps outside of them': [
    loss((value) => value.mul(1 + Math.sin(++calls))),
    /the same seed gives the same weights: a second run gives other weights/,
  ],
  'reads the value of a tensor in a step': [
    loss((value) => value.mul(value.dataSync()[0]! > 1e9 ? 2 : 1)),
    /steps can be recorded: a step reads the values of a tensor/,
  ],
  'draws without effect in a step': [
    loss((value) => value.mul(Math.random() < 2 ? 1 : 2)),
    /steps can be recorded: a step draws from JavaScript's own random numbers/,
  ],
  'makes a variable in a step': [
    loss((value) => {
      kept.push(variable(zeros([1])));
      return value;
    }),
    /steps can be recorded: a step makes a variable|no tensor is left/,
  ],
  'leaves a tensor': [
    {
      plan(...args) {
        kept.push(keep(scalar(1)));
        return sound.plan(...args);
      },
    },
    /no tensor is left/,
  ],
};

describe('checkStrategy', () => {
  it('accepts a strategy that keeps the contract', async () => {
    await checkStrategy(sound, { options: { used: 'two', valid: ['two'], invalid: ['three'] } });
  });

  it('accepts one whose term learns from unlabelled samples', async () => {
    const term = lossTerm({
      name: 'spread',
      needs: { embedding: true, unlabelled: true },
      value: ({ labelled, unlabelled }) =>
        add(mean<Scalar>(square(labelled.embedding)), mean<Scalar>(square(unlabelled.embedding))),
    });
    await checkStrategy({ ...sound, ...altered(() => ({ losses: [term] })) });
  });

  it.each(Object.entries(faults))('catches one that %s', async (_, [change, says]) => {
    const broken = checkStrategy({ ...sound, ...change });
    await expect(broken).rejects.toThrow(says);
    await expect(broken).rejects.toThrow(/^checkStrategy: The strategy "top": /);
  });
});
