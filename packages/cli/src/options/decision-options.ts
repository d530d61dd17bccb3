import type { Command } from 'commander';
import type { LoadOptions } from '@headstart/core';
import { namedProbabilities, probability } from '@headstart/core/options';
import { valueOf } from './values.ts';

/** How a model's probabilities become answers, as flags have it. */
export interface DecisionFlags {
  readonly threshold?: Readonly<Record<string, number>>;
  readonly abstainBelow?: number;
}

/** The flags that stand in place of what is stored with a model. */
export function addDecisionOptions(command: Command): Command {
  return command
    .option(
      '--threshold <label=p>',
      'the probability from which a label is given, of models of several labels; repeatable',
      valueOf(namedProbabilities),
    )
    .option(
      '--abstain-below <p>',
      'no answer where the likeliest class is less likely than this, of models that pick one',
      valueOf(probability),
    );
}

export function decisionOf({ threshold, abstainBelow }: DecisionFlags): Pick<LoadOptions, 'decision'> {
  if (threshold === undefined && abstainBelow === undefined) return {};
  return { decision: { thresholds: threshold, abstainBelow } };
}
