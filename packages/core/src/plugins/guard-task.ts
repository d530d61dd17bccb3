import type { EncodedSamples, Encoder } from '../data/encoder.ts';
import { inputName, type InputContent } from '../domains/model-input.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { Evaluator, MetricReport } from '../metrics/evaluator.ts';
import { HEAD, type Head } from '../network/head.ts';
import type { SampleView } from '../tasks/sample-view.ts';
import type { Task } from '../tasks/task.ts';
import {
  budgetContract,
  evaluatorContract,
  headContract,
  pageContract,
  reportContract,
  taskContract,
} from './contracts.ts';
import { guard } from './guard.ts';
import { guardEncoder } from './guard-encoder.ts';
import { guardStrategy } from './guard-strategy.ts';
import { pluginFailed, within, type Owner } from './owner.ts';
import { shapeProblem } from './shape-problem.ts';

/** A task whose encoders, heads, evaluators and predictions keep the contract. */
export function guardTask(task: Task, owner: Owner): Task {
  const refuse = (call: string, problem: string | undefined) => {
    if (problem !== undefined) throw pluginFailed(owner, `${call} ${problem}.`);
  };
  const expectText = (call: string) => (text: string) => {
    refuse(call, typeof text === 'string' ? undefined : `gave ${String(text)} in place of a text`);
    return text;
  };
  return guard(task, owner, {
    results: {
      encoder: (encoder: Encoder) => guardEncoder(encoder, owner),
      buildHead: (head: Head) => guardHead(head, owner),
      evaluator: (evaluator: Evaluator) => guardEvaluator(evaluator, owner),
      withOptions(altered: Task, [options]: [string]) {
        const problem = shapeProblem(taskContract, altered);
        refuse('withOptions', problem && `gave no task for "${options}": ${problem}`);
        return guardTask(altered, { ...owner, part: `task "${altered.id}"` });
      },
      deciding(altered: Task) {
        const problem = shapeProblem(taskContract, altered);
        refuse('deciding', problem && `gave no task: ${problem}`);
        return guardTask(altered, owner);
      },
      variant: expectText('variant'),
      describe: expectText('describe'),
      view(view: SampleView | undefined) {
        const shown =
          typeof view === 'object' && view !== null && (view.texts === undefined || Array.isArray(view.texts));
        refuse('view', shown ? undefined : 'gave nothing that shows a sample');
        return view;
      },
      budget(budget: unknown) {
        const problem = shapeProblem(budgetContract, budget);
        refuse('budget', problem && `gave none that can be used: ${problem}`);
        return budget;
      },
      page(description: unknown) {
        const problem = shapeProblem(pageContract, description);
        refuse('page', problem && `gave no description of a page: ${problem}`);
        return description;
      },
      parseInput(sample: Sample | undefined, [input, name = inputName(input)]: [InputContent, string?]) {
        const whole = typeof sample?.id === 'string' && typeof sample.digest === 'string';
        refuse('parseInput', whole ? undefined : `gave no sample with id and digest for "${name}"`);
        return sample;
      },
      decode(predictions: readonly unknown[], [, , encoded]: [unknown, unknown, EncodedSamples?]) {
        const expected = encoded?.samples.length ?? (predictions as readonly unknown[] | undefined)?.length;
        const fits = Array.isArray(predictions) && predictions.length === expected;
        refuse('decode', fits ? undefined : `gave ${countOf(predictions)} for ${expected ?? 'some'} samples`);
        return predictions;
      },
    },
    values: {
      adaptation: (own: Task['adaptation']) =>
        own && {
          ...own,
          strategies: own.strategies.map((strategy) => guardStrategy(strategy, within(owner, 'strategy', strategy.id))),
        },
    },
  });
}

function countOf(predictions: unknown): string {
  return Array.isArray(predictions)
    ? `${predictions.length} predictions`
    : `${String(predictions)} in place of predictions`;
}

/** A head that keeps the contract of stages, under the name that strategies know it by. */
function guardHead(head: Head, owner: Owner): Head {
  const problem = shapeProblem(headContract, head);
  if (problem !== undefined) throw pluginFailed(owner, `buildHead gave no head that can be used: ${problem}.`);
  const stackable = (parts: Head['stackable']) => parts && guard(parts, owner);
  if (head.name === HEAD) return guard(head, owner, { values: { stackable } });
  for (const { value } of head.variables) value.dispose();
  throw pluginFailed(owner, `buildHead gave a head called "${head.name}": strategies train it by the name "${HEAD}".`);
}

/** An evaluator that reports values by name, and pages whose errors name the plugin. */
function guardEvaluator(evaluator: Evaluator, owner: Owner): Evaluator {
  const problem = shapeProblem(evaluatorContract, evaluator);
  if (problem !== undefined) throw pluginFailed(owner, `evaluator gave none that can be used: ${problem}.`);
  return guard(evaluator, owner, {
    results: {
      report(report: MetricReport) {
        const wrong = shapeProblem(reportContract, report);
        if (wrong !== undefined) throw pluginFailed(owner, `report gave none that can be used: ${wrong}.`);
        return report;
      },
    },
    values: {
      pages: (pages: Evaluator['pages']) => pages && guard(pages, owner),
    },
  });
}
