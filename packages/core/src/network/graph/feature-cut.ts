import { HeadstartError, nearestName } from '@headstart/artifacts/errors';
import { mapArea } from './join-stretches.ts';
import type { Network } from './network.ts';

/** A point of the network that a single tensor crosses, and that tensor's shape without the batch axis. */
export interface Cut {
  readonly node: number;
  readonly shape: readonly number[];
}

/** How a user names the source and one of its layers, for messages. */
export interface NetworkNaming {
  /** The source. */
  readonly from: string;
  /** What to write to take another layer's output, such as `tfjs:<path>#layer=<name>`. */
  readonly layerOption: string;
}

/** The node of that name. @throws HeadstartError `invalid-option` for one that is not there, with the nearest */
export function namedNode({ nodes, inputs }: Network, name: string, from: string): number {
  const taken = new Set(inputs.map(({ node }) => node));
  const node = nodes.findIndex((candidate, at) => candidate.name === name && !taken.has(at));
  if (node >= 0) return node;
  const names = nodes.filter((_, at) => !taken.has(at)).map((candidate) => candidate.name);
  const nearest = nearestName(name, names);
  throw new HeadstartError({
    code: 'invalid-option',
    message: `${from} has no layer "${name}" that depends on what it is given.`,
    hint: `${nearest ? `Did you mean "${nearest}"? ` : ''}The last ones are ${names.slice(-8).join(', ')}.`,
  });
}

/**
 * Where the classifier begins: after the first cut at which the map has become a vector or a single cell
 * (global pooling, or flattening). Without one, after the last map, which is then pooled, or the last sequence.
 *
 * @param cuts from the inputs to the model's output
 * @param sequences whether a sequence may be the feature
 * @throws HeadstartError `not-supported`
 */
export function featureCut(
  network: Network,
  cuts: readonly Cut[],
  sequences: boolean,
  { from, layerOption }: NetworkNaming,
): Cut {
  const isVector = ({ shape }: Cut) => shape.length === 1 || (shape.length === 3 && mapArea(shape) === 1);
  const vector = cuts.find(isVector);
  if (vector && !(vector === cuts.at(-1) && network.nodes[vector.node]!.classifies)) return vector;
  const map = cuts.findLast(({ shape }) => shape.length === 3 && mapArea(shape) > 1);
  if (map) return map;
  const sequence = sequences ? cuts.findLast(({ shape }) => shape.length === 2) : undefined;
  if (sequence) return sequence;
  throw new HeadstartError({
    code: 'not-supported',
    message: `${from} has no point between input and output that a single feature tensor crosses.`,
    hint: `Name the layer whose output to use: ${layerOption}.`,
  });
}
