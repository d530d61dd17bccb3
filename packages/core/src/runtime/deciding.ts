import { HeadstartError, nearestName } from '@headstart/artifacts/errors';
import { LABEL_THRESHOLD } from '../metrics/given-labels.ts';
import type { Decision } from '../runs/answering.ts';
import type { DecisionRule } from '../tasks/decision-rule.ts';
import type { Task } from '../tasks/task.ts';

/**
 * The task with the rule of answers that is stored with a model, and what is asked for in its place.
 * @throws HeadstartError `invalid-option` for what is no probability, or means nothing to the task; `label-invalid` for a
 * label that the model does not have; `not-supported` where the task's answers follow no rule
 */
export function decidingBy(task: Task, labels: readonly string[], stored: Decision = {}, asked: Decision = {}): Task {
  check(labels, asked);
  const abstainBelow = asked.abstainBelow ?? stored.abstainBelow;
  const named = { ...stored.thresholds, ...asked.thresholds };
  const tuned = Object.keys(named).length > 0;
  if (!tuned && abstainBelow === undefined) return task;
  if (!task.deciding) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The task "${task.id}" takes neither thresholds of labels nor a probability to abstain below.`,
      hint: 'Leave them out; "headstart tasks" says which options a task has of its own.',
    });
  }
  const rule: DecisionRule = {
    ...(tuned && { thresholds: labels.map((label) => named[label] ?? LABEL_THRESHOLD) }),
    ...(abstainBelow !== undefined && { abstainBelow }),
  };
  return task.deciding(rule);
}

function check(labels: readonly string[], { thresholds = {}, abstainBelow }: Decision): void {
  if (abstainBelow !== undefined) checkProbability('The probability to abstain below', abstainBelow);
  for (const [label, threshold] of Object.entries(thresholds)) {
    if (!labels.includes(label)) {
      const nearest = nearestName(label, labels);
      throw new HeadstartError({
        code: 'label-invalid',
        message: `There is a threshold for "${label}", which is no label of the model.`,
        hint: `${nearest ? `Did you mean "${nearest}"? ` : ''}Its labels: ${labels.join(', ')}.`,
      });
    }
    checkProbability(`The threshold of "${label}"`, threshold);
  }
}

function checkProbability(what: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `${what} cannot be ${value}: it must be a number 0 or more and below 1.`,
    hint: 'Give a probability, such as 0.6.',
  });
}
