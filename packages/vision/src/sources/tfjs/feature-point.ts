import { HeadstartError } from '@headstart/core';
import { nearestName } from '@headstart/artifacts/errors';
import type { Network } from './network.ts';
import { area } from './network-stages.ts';

/** Operations that end a classifier rather than a feature extractor. */
const CLASSIFIES = new Set([
  'Dense',
  'Softmax',
  'Activation',
  'Conv2D',
  '_FusedConv2D',
  'MatMul',
  '_FusedMatMul',
  'BiasAdd',
  'Sigmoid',
]);

/** A point of the network that a single tensor crosses, and that tensor's shape without the batch axis. */
export interface Cut {
  readonly node: number;
  readonly shape: readonly number[];
}

/** The node of that name. @throws HeadstartError `invalid-option` */
export function namedNode(network: Network, name: string, from: string): number {
  const node = network.nodes.findIndex((candidate) => candidate.name === name);
  if (node > 0) return node;
  const names = network.nodes.slice(1).map((candidate) => candidate.name);
  const nearest = nearestName(name, names);
  throw new HeadstartError({
    code: 'invalid-option',
    message: `${from} has no layer "${name}" that depends on the picture.`,
    hint: `${nearest ? `Did you mean "${nearest}"? ` : ''}The last ones are ${names.slice(-8).join(', ')}.`,
  });
}

/**
 * Where the classifier begins: after the first cut at which the map has become a vector or a single cell
 * (global pooling, or flattening). Without one, after the last map, which is then pooled.
 *
 * @param cuts from the picture to the model's output
 * @throws HeadstartError `not-supported`
 */
export function featureCut(network: Network, cuts: readonly Cut[], from: string): Cut {
  const isVector = ({ shape }: Cut) => shape.length === 1 || (shape.length === 3 && area(shape) === 1);
  const vector = cuts.find((cut, i) => i > 0 && isVector(cut));
  const last = cuts.at(-1)!;
  if (vector && !(vector === last && CLASSIFIES.has(network.nodes[last.node]!.operation))) return vector;
  const map = cuts.findLast(({ node, shape }) => node > 0 && shape.length === 3 && area(shape) > 1);
  if (map) return map;
  throw new HeadstartError({
    code: 'not-supported',
    message: `${from} has no point between picture and output that a single feature tensor crosses.`,
    hint: 'Name the layer whose output to use: tfjs:<path>#layer=<name>.',
  });
}
