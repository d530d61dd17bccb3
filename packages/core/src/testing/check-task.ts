import type { ModelInput } from '../domains/model-input.ts';
import type { OpenOptions, SourceDomain } from '../domains/source-domain.ts';
import type { TargetData } from '../domains/target-domain.ts';
import { named } from '../plugins/owner.ts';
import type { Plugin } from '../plugins/plugin.ts';
import { Registries } from '../plugins/registries.ts';
import type { Backend } from '../ports/backend.ts';
import type { Task } from '../tasks/task.ts';
import { openBench, type Bench } from './bench.ts';
import { checkingBackend } from './plain-backend.ts';
import { expectMeant, expectRefused, expectThat, holdTo, type Rule } from './rules.ts';
import { taskNetworkRules } from './task-network-rules.ts';
import { taskTransferRules } from './task-transfer-rules.ts';

/** What the conformance kit tries a task on. */
export interface TaskCheck {
  /** A small network of the task's kind of data. */
  readonly source: SourceDomain;
  /** What the network starts from; `none` where a test should fetch none. */
  readonly weights?: OpenOptions['weights'];
  /** A few dozen samples; where they have no splits, half are trained on. */
  readonly target: TargetData;
  /** What a model of the task is asked about; its reading is tried where some are given. */
  readonly inputs?: readonly ModelInput[];
  /** Inputs that cannot be read, each to be refused by an error with a code. */
  readonly bad?: readonly ModelInput[];
  /** For a task with `withOptions`: what follows the colon, to be taken and to be refused. */
  readonly options?: { readonly valid?: readonly string[]; readonly invalid?: readonly string[] };
  /** Plugins that the task or the source need beside them. */
  readonly plugins?: readonly Plugin[];
  /**
   * What to compute on. Where it is absent: what TensorFlow.js computes on in this process already, op by op; else plain
   * JavaScript, which is the package `@tensorflow/tfjs-backend-cpu`.
   */
  readonly backend?: Backend;
}

const rules: readonly Rule<Bench & Pick<TaskCheck, 'inputs' | 'bad' | 'options'>>[] = [
  {
    rule: 'it takes data that can be learned, and no other',
    async check({ task, target }) {
      task.check(target);
      await expectRefused('a target without a sample', () => task.check({ ...target, samples: [] }));
    },
  },
  {
    rule: 'its augmentations are known',
    async check({ task }) {
      const { augmentation } = task.defaults;
      if (task.checkAugmentation) {
        for (const policy of [...task.augmentations, augmentation]) task.checkAugmentation(policy);
        await expectRefused('the augmentation "no-such-policy"', () => task.checkAugmentation!('no-such-policy'));
      } else
        expectThat(task.augmentations.includes(augmentation), `"${augmentation}", its default, is not among its own`);
    },
  },
  {
    rule: 'options are taken or refused',
    async check({ task, options: { valid = [], invalid = ['no-such-option=1', '\u0000'] } = {} }) {
      if (!task.withOptions) return expectThat(valid.length === 0, 'it takes none: there is no withOptions');
      for (const text of valid) {
        const { id } = task.withOptions(text);
        expectThat(
          id.startsWith(`${task.id}:`),
          `with the options "${text}" its id is "${id}", which does not name them`,
        );
      }
      for (const text of invalid)
        await expectRefused(`the option ${JSON.stringify(text)}`, () => task.withOptions!(text));
    },
  },
  {
    rule: 'inputs are read, or refused by an error that is meant',
    async check({ task, encoder, inputs = [], bad = [] }) {
      const read = async (input: ModelInput) => {
        const content = input instanceof ArrayBuffer ? new Uint8Array(input) : input;
        const sample = await task.parseInput(content, 'the input');
        await encoder.encode(sample, { kind: 'plain' });
        return sample;
      };
      for (const input of inputs) {
        const [first, second] = [await read(input), await read(input)];
        expectThat(first.digest === second.digest, 'an input has one digest, and another when it is read again');
      }
      for (const input of bad) await expectRefused(`the input ${shown(input)}`, () => read(input));
      for (const input of [new Uint8Array(0), Uint8Array.of(0xff, 0xfe, 0, 0x9c, 7), '', '\u0000'])
        await expectMeant(`the input ${shown(input)}`, () => read(input));
    },
  },
];

/**
 * The conformance test of a task. Its encodings can be repeated and do not look at what is known of a sample; predictions
 * do not depend on the batch and name labels of the target; every weight of the head gets a gradient, and heads are drawn
 * by their stream; the evaluator reports what it promises. A small transfer, of the head alone and then of everything,
 * reads nothing of the test split before it has ended, comes to the same weights a second time, in pieces, and where steps
 * are recorded; the saved model evaluates as the one that was trained, and is a source for further training. Errors have codes.
 *
 * @throws Error naming the task and the first rule that it breaks
 */
export async function checkTask(task: Task, check: TaskCheck): Promise<void> {
  const backend = await checkingBackend(check.backend);
  const part = named('task', task);
  await holdTo('checkTask', part, {}, [{ rule: 'it keeps its contract', check: () => void guarded(task) }]);
  const bench = await openBench({ ...check, task: guarded(task) });
  try {
    await holdTo('checkTask', part, { ...bench, ...check }, rules);
    await holdTo('checkTask', part, bench, taskNetworkRules);
  } finally {
    bench.dispose();
  }
  await taskTransferRules(part, { ...check, task }, backend);
}

const shown = (input: ModelInput) => {
  if (typeof input === 'string') return JSON.stringify(input);
  return input instanceof URL ? input.href : `of ${input.byteLength} bytes`;
};

/** As runs see it. */
function guarded(task: Task): Task {
  const registries = new Registries();
  registries.addTask('under-test', task);
  return registries.tasks.list()[0]!.value;
}
