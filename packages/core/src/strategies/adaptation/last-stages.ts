import { HeadstartError } from '@headstart/artifacts/errors';
import { BOTTLENECK } from '../../network/bottleneck.ts';
import type { StageInfo } from '../../network/head.ts';

/**
 * The names of the last stages of the source's network that have weights: so many, or all.
 * @throws HeadstartError `invalid-option` where there are fewer
 */
export function lastStages(stages: readonly StageInfo[], count: number | 'all'): string[] {
  const named = stages.filter(({ name, parameters }) => name !== BOTTLENECK && parameters > 0).map(({ name }) => name);
  if (count === 'all') return named;
  if (count > named.length) throw tooMany(count, named);
  return count === 0 ? [] : named.slice(-count);
}

function tooMany(count: number, named: readonly string[]): HeadstartError {
  const { length } = named;
  return new HeadstartError({
    code: 'invalid-option',
    message: `unfreeze=${count} asks for the last ${count} stages of the network, which has ${length} with weights to train${length > 0 ? ` (${named.join(', ')})` : ''}.`,
    hint:
      length > 0
        ? `Give unfreeze=${length} or less, or unfreeze=all.`
        : 'Leave unfreeze out, or choose a --source with a network that trains.',
  });
}
