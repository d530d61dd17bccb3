import { HeadstartError, type Progress } from '@headstart/core';

/** Something that tests or the demo need on this machine before they start. */
export interface ProvisionStep {
  label: string;
  /** Brings it here unless it is here. @returns where it is, or what was done, in a few words */
  run(progress: Progress): Promise<string>;
}

/** What went wrong, with the remedy where the error knows one. */
function describe(error: unknown): string {
  if (HeadstartError.is(error)) return `${error.message} (${error.code})\n  ${error.hint}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Runs each step, also after one has failed, so that one report names all that is missing.
 * @param say takes one line for each step
 * @returns how many steps failed
 */
export async function provision(
  steps: readonly ProvisionStep[],
  progress: Progress,
  say: (line: string) => void,
): Promise<number> {
  let failed = 0;
  for (const step of steps) {
    try {
      say(`${step.label}: ${await step.run(progress)}`);
    } catch (error) {
      failed += 1;
      say(`${step.label}: failed. ${describe(error)}`);
    }
  }
  return failed;
}
