import { HeadstartError } from '@headstart/artifacts/errors';

/** How probabilities become an answer: kept with a model, or given where it is asked. */
export interface DecisionRule {
  /** For tasks whose samples have several labels: from which probability each is given, in the labels' order. One half where absent. */
  readonly thresholds?: readonly number[];
  /** For tasks that pick one class: there is no answer where the likeliest is less likely than this. */
  readonly abstainBelow?: number;
}

/** For a part of a rule that means nothing to a task. @param because a clause that says why */
export function unfitRule(what: string, because: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The task takes no ${what.replace(/^an? /, '')}: ${because}.`,
    hint: 'Leave it out.',
  });
}
