import { AuxiliaryLayers } from '../network/auxiliary-layers.ts';
import type { Backbone } from '../network/backbone.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Phase } from '../strategies/strategy.ts';

/** The layers that the loss terms of all phases bring; undefined where none does. */
export function buildLossLayers(
  phases: readonly Phase[],
  { features }: Backbone,
  labels: readonly string[],
  random: RandomStream,
): AuxiliaryLayers | undefined {
  const terms = phases.flatMap(({ losses = [] }) => losses).filter((term) => term.layers !== undefined);
  if (terms.length === 0) return undefined;
  const last = features.at(-1);
  return AuxiliaryLayers.create(
    terms,
    {
      features: Object.fromEntries(features.map((feature) => [feature.name, feature])),
      embedding: last && last.kind !== 'sequence' ? last.shape.at(-1)! : 0,
      labels,
    },
    random,
  );
}
