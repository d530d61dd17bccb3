import { HeadstartError } from '@headstart/artifacts/errors';
import { HEAD } from '../network/head.ts';
import type { ModelInput } from '../domains/model-input.ts';
import type { TargetData } from '../domains/target-domain.ts';
import type { Backend } from '../ports/backend.ts';
import type { RunEvents } from '../runs/events.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';
import { differenceOf } from './alike.ts';
import type { TaskCheck } from './check-task.ts';
import { expectThat, holdTo, type Rule } from './rules.ts';
import { sealed } from './sealed-sample.ts';
import { transferRules } from './transfer-rules.ts';
import { TrialTransfers, withSplits, type TrialResult } from './trial-transfer.ts';

interface Trial {
  readonly task: Task;
  readonly transfers: TrialTransfers;
  readonly whole: () => Promise<TrialResult>;
  readonly inputs: readonly ModelInput[];
}

/** The head on a frozen network, fitted to its features, and then everything. */
function everything(start: Strategy['start']): Strategy {
  const phase = {
    epochs: 1,
    optimiser: { kind: 'adamw', learningRate: 1e-3, weightDecay: 0.01, clipNorm: 1 },
    schedule: { warmup: 0, decay: 'constant' },
    batchStatistics: false,
  } as const;
  return {
    id: 'everything',
    description: 'The head, and then everything',
    start,
    defaults: { epochs: 2, batchSize: 8 },
    plan: (stages) => [
      { ...phase, name: 'head', trainable: { [HEAD]: 1 }, fitHead: true },
      { ...phase, name: 'all', trainable: { ...Object.fromEntries(stages.map(({ name }) => [name, 0.1])), [HEAD]: 1 } },
    ],
  };
}

const rules: readonly Rule<Trial>[] = [
  {
    rule: 'it trains, and reads nothing of the test split before that has ended',
    async check({ whole }) {
      const { losses } = await whole();
      expectThat(losses.length > 0 && losses.every(Number.isFinite), 'the loss is not finite');
    },
  },
  ...transferRules,
  {
    rule: 'a saved model is the one that was trained',
    async check({ transfers, whole }) {
      const { directory, result } = await whole();
      const headstart = await transfers.compose();
      const model = await headstart.load(directory);
      try {
        const { metrics } = await model.evaluate(result.target, { split: 'test' });
        const difference = differenceOf(metrics.values, { ...metrics.values, ...result.metrics['test'] });
        expectThat(difference === undefined, `it evaluates otherwise once it is loaded: ${difference}`);
      } finally {
        model.dispose();
      }
    },
  },
  {
    rule: 'a trained model is a source, which embeds as the model does and which training goes on from',
    async check({ transfers, whole, inputs }) {
      const { directory } = await whole();
      const headstart = await transfers.compose();
      const model = await headstart.load(directory);
      try {
        const asked = inputs.slice(0, 1);
        const own = await outcomeOf(() => model.embed(asked));
        const difference = differenceOf(own, await outcomeOf(() => headstart.embed(`model:${directory}`, asked)));
        expectThat(difference === undefined, `as a source it embeds otherwise: ${difference}`);
      } finally {
        model.dispose();
      }
      const { losses } = await transfers.whole({ source: `model:${directory}` });
      expectThat(losses.length > 0 && losses.every(Number.isFinite), 'the loss is not finite when it is trained on');
    },
  },
];

/** Vectors, or why there are none: a network without a vector says so either way. */
async function outcomeOf(embed: () => Promise<{ readonly data: Float32Array }>): Promise<readonly number[] | string> {
  return embed().then(
    ({ data }) => Array.from(data),
    (error: unknown) => (HeadstartError.is(error) ? error.code : Promise.reject(error as Error)),
  );
}

/** Holds a task to what shows in small transfers. */
export async function taskTransferRules(
  part: string,
  { task, source, target, weights = 'published', plugins, inputs = [] }: TaskCheck & { readonly task: Task },
  backend: Backend,
): Promise<void> {
  const seal = { closed: false };
  const domain = { source, task, plugins, target: sealing(withSplits(target), seal) };
  const strategy = everything(weights === 'published' ? 'source' : 'random');
  const transfers = await TrialTransfers.open(backend, domain, strategy, { augmentation: task.defaults.augmentation });
  const events = sealingWhile(seal);
  let run: Promise<TrialResult> | undefined;
  const whole = () => (run ??= transfers.whole({ events }).finally(() => (seal.closed = false)));
  try {
    await holdTo('checkTask', part, { task, transfers, whole, inputs }, rules);
  } finally {
    await transfers.close();
  }
}

/** The data with what is known of its test samples sealed while the seal is closed. */
function sealing(target: TargetData, seal: { readonly closed: boolean }): TargetData {
  const samples = target.samples.map(({ sample, split }) =>
    split === 'test'
      ? { sample: sealed(sample, () => seal.closed, 'before training has ended'), split }
      : { sample, split },
  );
  return { ...target, samples };
}

/** Closes the seal from the first phase to the end of the last. */
function sealingWhile(seal: { closed: boolean }): Partial<RunEvents> {
  let last = false;
  return {
    phaseStart({ index, count }) {
      seal.closed = true;
      last = index === count - 1;
    },
    epochEnd({ epoch, epochs }) {
      if (last && epoch === epochs) seal.closed = false;
    },
  };
}
