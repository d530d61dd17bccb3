import { HeadstartError } from '@headstart/artifacts/errors';
import type { TrialEnd, TrialRequest, TrialResult } from '../../runs/trial.ts';

/** Runs trials one after another; one that fails leaves the others be. */
export async function runTogether(
  trials: readonly TrialRequest[],
  run: (trial: TrialRequest) => Promise<TrialResult>,
): Promise<TrialEnd[]> {
  const ends: TrialEnd[] = [];
  for (const trial of trials) ends.push(await endOf(() => run(trial)));
  return ends;
}

async function endOf(run: () => Promise<TrialResult>): Promise<TrialEnd> {
  try {
    return { result: await run() };
  } catch (error) {
    if (HeadstartError.is(error)) return { error };
    return {
      error: new HeadstartError({
        code: 'internal',
        message: `The trial failed: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'Tell the authors of Headstart, with the message above.',
        cause: error,
      }),
    };
  }
}
