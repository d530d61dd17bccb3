import { HeadstartError } from '@headstart/artifacts/errors';
import type { TrialEnd } from '../../runs/trial.ts';
import type { ModelServices } from '../trained-model.ts';
import { runStack } from './run-stack.ts';
import { runTrial, type TrialParts } from './run-trial.ts';
import { stackKeyOfPlanned } from './stack-key.ts';
import type { ReadyTrial } from './trial-result.ts';

/**
 * Runs trials, those that can be trained together in one stack; the others one after another. One that fails leaves the
 * others be.
 * @param trials each planned when its turn comes
 */
export async function runTogether(
  parts: TrialParts,
  services: ModelServices,
  trials: readonly (() => Promise<ReadyTrial>)[],
  signal: AbortSignal,
): Promise<TrialEnd[]> {
  const ends: TrialEnd[] = [];
  const stacks = new Map<string, { readonly index: number; readonly trial: ReadyTrial }[]>();
  for (const [index, plan] of trials.entries()) {
    try {
      const trial = await plan();
      const key = await stackKeyOfPlanned(services, parts.sources, trial.planned);
      if (key === undefined) ends[index] = { result: await runTrial(parts, trial, signal) };
      else stacks.set(key, [...(stacks.get(key) ?? []), { index, trial }]);
    } catch (error) {
      ends[index] = { error: errorOf(error) };
    }
  }
  for (const stack of stacks.values()) {
    const results = await resultsOf(
      parts,
      stack.map(({ trial }) => trial),
      signal,
    );
    for (const [i, { index }] of stack.entries()) ends[index] = results[i]!;
  }
  return ends;
}

/** One trial needs no stack. */
async function resultsOf(parts: TrialParts, trials: readonly ReadyTrial[], signal: AbortSignal): Promise<TrialEnd[]> {
  const results = await (trials.length > 1
    ? runStack(parts, trials, signal)
    : Promise.allSettled(trials.map((trial) => runTrial(parts, trial, signal))));
  return results.map((result) =>
    result.status === 'fulfilled' ? { result: result.value } : { error: errorOf(result.reason) },
  );
}

function errorOf(error: unknown): HeadstartError {
  if (HeadstartError.is(error)) return error;
  return new HeadstartError({
    code: 'internal',
    message: `The trial failed: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Tell the authors of Headstart, with the message above.',
    cause: error,
  });
}
