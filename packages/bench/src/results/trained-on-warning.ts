import type { Coordinates } from '../records/bench-record.ts';

/** Where a run was judged, and its samples as a record counts them. */
export type JudgedRun = Pick<Coordinates, 'train' | 'test'> & { readonly samples: Readonly<Record<string, number>> };

/** What is said of runs that were judged on samples that they were trained on; undefined where none was. */
export function trainedOnWarning(runs: readonly JudgedRun[]): string | undefined {
  const leaking = runs.filter(({ samples }) => (samples['judgedAndTrained'] ?? 0) > 0);
  if (leaking.length === 0) return undefined;
  const { train, test, samples } = leaking.reduce((worst, run) => (share(run) > share(worst) ? run : worst));
  const count = (name: string) => samples[name]!.toLocaleString('en-US');
  return (
    `${leaking.length.toLocaleString('en-US')} of ${runs.length.toLocaleString('en-US')} runs were judged on samples that they were trained on ` +
    `(${train} → ${test}: ${count('judgedAndTrained')} of ${count('judged')}): what these come to says little of new data. ` +
    "Leave the test domain's split out, or give it as test; where domains have samples in common, take them out of one."
  );
}

function share({ samples }: JudgedRun): number {
  return samples['judgedAndTrained']! / samples['judged']!;
}
