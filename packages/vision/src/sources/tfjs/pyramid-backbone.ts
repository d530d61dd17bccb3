import { dispose, tidy, transpose, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/core';
import {
  disposeStages,
  namedNode,
  nodesBetween,
  stageInput,
  stageNames,
  variablesOf,
  type Backbone,
  type FeatureInfo,
  type Network,
  type Stage,
  type Tensors,
} from '@headstart/core/network';
import type { ImagePreprocessing } from '../image-preprocessing.ts';
import { imageInput } from '../image-input.ts';
import { mapLayout, type MapLayout } from './map-layout.ts';
import { pyramidBoundaries, type Boundary, type ProbedNode } from './pyramid-cuts.ts';

/** More than one, so that a network that only takes single pictures shows itself. */
const PROBE_BATCH = 2;

export interface PyramidBackboneOptions {
  readonly preprocessing: ImagePreprocessing;
  /** The nodes that are the features. */
  readonly features: readonly string[];
  /** Whether the network takes pictures as `[batch, channels, height, width]`. */
  readonly channelsFirst: boolean;
  /** The source, for messages. */
  readonly from: string;
}

/** A map that the backbone gives out. */
interface Feature extends MapLayout {
  readonly node: number;
  readonly name: string;
}

/**
 * A backbone whose last stage gives several maps `[batch, height, width, channels]`, finest first, each under
 * its node's name, as detectors need them. What the maps do not depend on is left out and freed.
 *
 * @throws HeadstartError `invalid-option`, `not-supported`
 */
export function pyramidBackbone(
  network: Network,
  { preprocessing, features: names, channelsFirst, from }: PyramidBackboneOptions,
): Backbone<ImagePreprocessing> {
  const { height, width, channels } = preprocessing;
  const wanted = names.map((name) => namedNode(network, name, from));
  const shapes = probe(network, wanted, channelsFirst ? [channels, height, width] : [height, width, channels], from);
  const layoutOf = (shape: readonly number[] | undefined) =>
    shape && mapLayout(shape.slice(1), [height, width], channelsFirst);
  const features = wanted
    .map(
      (node, i): Feature => ({
        node,
        name: names[i]!,
        ...(layoutOf(shapeOfMap(network, node, shapes, from)) ??
          noMap(names[i]!, shapes.get(node), preprocessing, from)),
      }),
    )
    .sort((a, b) => a.stride - b.stride);
  const needed = [...shapes].map(
    ([node, shape]): ProbedNode => ({ node, layout: layoutOf(shape), carries: shape?.[0] === PROBE_BATCH }),
  );
  const used = new Set(variablesOf(network, shapes.keys()));
  for (const variable of variablesOf(network, network.nodes.keys())) if (!used.has(variable)) variable.value.dispose();

  const stages = buildStages(network, pyramidBoundaries(network, needed, new Set(wanted)), features, channelsFirst);
  const last = stages.at(-1)!.name;
  return {
    architecture: `tfjs/1:${network.digest}:${features.map(({ name }) => name).join('+')}:${height}x${width}x${channels}`,
    input: imageInput(preprocessing),
    stages,
    features: features.map(
      ({ name, shape, stride }): FeatureInfo => ({ name, stage: last, tensor: name, shape, kind: 'map', stride }),
    ),
    assets: network.assets,
    dispose: () => {
      disposeStages(stages);
      network.dispose();
    },
  };
}

function buildStages(
  network: Network,
  boundaries: readonly Boundary[],
  features: readonly Feature[],
  channelsFirst: boolean,
): Stage[] {
  const names = stageNames(boundaries.slice(1).map(({ node }) => network.nodes[node]!.name));
  return boundaries.slice(1).map(({ carried: to }, i): Stage => {
    const { carried: given } = boundaries[i]!;
    const variables = variablesOf(
      network,
      nodesBetween(network.nodes, given, to).filter((node) => !given.includes(node)),
    );
    const isLast = i === boundaries.length - 2;
    const takes = (inputs: Tensors, node: number) => {
      if (node > 0) return stageInput(inputs, network.nodes[node]!.name);
      const picture = stageInput(inputs, 'image');
      return channelsFirst ? transpose(picture, [0, 3, 1, 2]) : picture;
    };
    return {
      name: names[i]!,
      variables,
      initialise: (random) => variables.forEach((variable) => variable.initialiser(variable, random)),
      forward: (inputs, mode) =>
        tidy(() => {
          const values = new Map(given.map((node) => [node, takes(inputs, node)]));
          if (!isLast)
            return Object.fromEntries(
              network.run(values, to, mode).map((value, at) => [network.nodes[to[at]!]!.name, value]),
            );
          const maps = network.run(
            values,
            features.map(({ node }) => node),
            mode,
          );
          return Object.fromEntries(
            features.map((feature, at) => [
              feature.name,
              feature.channelsFirst ? transpose(maps[at]!, [0, 2, 3, 1]) : maps[at]!,
            ]),
          );
        }),
    };
  });
}

/**
 * Runs the nodes that some depend on one after another on empty pictures: the shapes of their outputs, batch
 * included, undefined where a node does not give one float tensor.
 */
function probe(
  network: Network,
  wanted: readonly number[],
  picture: readonly number[],
  from: string,
): Map<number, readonly number[] | undefined> {
  const needed = nodesBetween(network.nodes, [], wanted);
  const shapes = new Map<number, readonly number[] | undefined>();
  const values = new Map<number, Tensor>([[0, zeros([PROBE_BATCH, ...picture])]]);
  // What a node is computed from: nodes of one output. Others are computed again with what takes their outputs.
  const sources = (node: number): number[] =>
    network.nodes[node]!.inputs.flatMap((input) => (network.nodes[input]!.single ? [input] : sources(input)));
  const lastUse = new Map(needed.flatMap((node) => sources(node).map((input) => [input, node] as const)));
  try {
    for (const node of needed) {
      if (node > 0 && network.nodes[node]!.single) {
        const given = new Map(sources(node).map((input) => [input, values.get(input)!]));
        values.set(node, runNode(network, node, given, picture, from));
      }
      const value = values.get(node);
      shapes.set(node, value?.dtype === 'float32' ? value.shape : undefined);
      for (const [at, held] of values) {
        if ((lastUse.get(at) ?? 0) > node) continue;
        held.dispose();
        values.delete(at);
      }
    }
  } finally {
    dispose([...values.values()]);
  }
  return shapes;
}

function runNode(
  network: Network,
  node: number,
  given: ReadonlyMap<number, Tensor>,
  picture: readonly number[],
  from: string,
): Tensor {
  try {
    return network.run(given, [node], { training: false })[0]!;
  } catch (cause) {
    const { name, operation } = network.nodes[node]!;
    throw new HeadstartError({
      code: 'not-supported',
      message: `${from} cannot run on ${PROBE_BATCH} pictures of ${picture.join(' x ')} at "${name}" (${operation}): ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'A model that is fixed to one picture, or that needs executeAsync, cannot be trained; convert it with an open batch axis, or name features before that node.',
      cause,
    });
  }
}

/** @throws HeadstartError `not-supported` for a node that gives no map a picture */
function shapeOfMap(
  network: Network,
  node: number,
  shapes: ReadonlyMap<number, readonly number[] | undefined>,
  from: string,
): readonly number[] {
  const shape = shapes.get(node);
  const { name } = network.nodes[node]!;
  if (shape?.length === 4 && shape[0] === PROBE_BATCH) return shape;
  const folds = nodesBetween(network.nodes, [], [node]).find(
    (each) => shapes.get(each) !== undefined && shapes.get(each)![0] !== PROBE_BATCH,
  );
  const why =
    shape && shape[0] !== PROBE_BATCH && folds !== undefined
      ? `gives [${shape.join(', ')}] for ${PROBE_BATCH} pictures: from "${network.nodes[folds]!.name}" on the model is fixed to one`
      : `gives ${shape ? `[${shape.join(', ')}]` : 'no single float tensor'} for ${PROBE_BATCH} pictures, where a map has four axes`;
  throw new HeadstartError({
    code: 'not-supported',
    message: `The feature "${name}" of ${from} ${why}.`,
    hint: 'Name nodes that give maps, [batch, height, width, channels] or [batch, channels, height, width].',
  });
}

function noMap(
  name: string,
  shape: readonly number[] | undefined,
  { height, width }: ImagePreprocessing,
  from: string,
): never {
  throw new HeadstartError({
    code: 'not-supported',
    message: `The feature "${name}" of ${from} has the shape [${shape?.join(', ')}], whose sides are not those of ${height} x ${width} pixels over a power of two.`,
    hint: 'Name a node that is neither padded nor cropped, or choose another size with size=.',
  });
}
