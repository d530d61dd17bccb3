import { sharesContent } from '../domains/unlabelled.ts';
import type { JudgedEpochs } from '../runs/selection.ts';
import { largestColumns } from '../transferability/matrix.ts';
import { opinionsOf } from './opinions.ts';
import type { Judging } from './phase-data.ts';
import type { RunState } from './run-state.ts';
import type { Transfer } from './transfer.ts';

/** Keeps what the model as it is answers for samples of the test domain, whose labels nobody looks at before the run's end. */
export async function noteAnswers(state: RunState, { forward, loader }: Judging): Promise<void> {
  const found = await opinionsOf(forward, loader);
  if (!found) return;
  while (state.answers.length < state.history.length) state.answers.push([]);
  state.answers.push(Array.from(largestColumns(found.probabilities)));
}

/**
 * How good the epochs of a phase were on the test domain.
 * @param answers of its epochs, in order
 * @param kept the epoch, from 1
 */
export function judgedEpochs(
  { judge, target }: Pick<Transfer, 'judge' | 'target'>,
  answers: readonly (readonly number[])[],
  kept: number,
): JudgedEpochs | undefined {
  if (!judge || answers.length === 0 || answers.some((each) => each.length === 0)) return undefined;
  const { samples, truth } = judge;
  const accuracies = answers.map((each) => each.filter((label, i) => label === truth[i]).length / samples.length);
  const best = Math.max(...accuracies);
  const accuracy = accuracies[kept - 1]!;
  return {
    on: judge.id,
    samples: samples.length,
    setting: sharesContent(samples, target.unlabelled!) ? 'transductive' : 'inductive',
    accuracies,
    kept: { epoch: kept, accuracy },
    oracle: { epoch: accuracies.indexOf(best) + 1, accuracy: best },
    regret: best - accuracy,
  };
}
