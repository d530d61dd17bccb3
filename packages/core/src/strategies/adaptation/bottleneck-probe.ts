import { z } from 'zod';
import { adaptation, adaptationOptions } from './adaptation.ts';

/**
 * What the strategies of adaptation train, without anything to adapt to: a bottleneck and a head on labelled samples. The source model of SHOT
 * (Liang et al., 2020, arXiv 2002.08546).
 */
export const bottleneckProbe = adaptation({
  id: 'bottleneck-probe',
  description: 'Train a small network on the frozen one, to be adapted to unlabelled samples later',
  example: 'bottleneck-probe:unfreeze=1',
  options: z.strictObject({ unfreeze: adaptationOptions.unfreeze }).transform((given) => ({ ...given, with: [] })),
  terms: () => [],
  phases: (_, phase, epochs) => [phase({ name: 'train', epochs })],
});
