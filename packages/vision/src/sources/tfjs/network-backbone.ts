import { reshape, tidy, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/core';
import { stageInput, type Backbone, type FeatureInfo, type Stage } from '@headstart/core/network';
import { globalAveragePooling } from '../../layers/pooling.ts';
import type { ImagePreprocessing } from '../image-preprocessing.ts';
import { disposeStages, imageInput } from '../network-backbone.ts';
import { ancestors, cutPoints } from './cut-points.ts';
import { featureCut, namedNode, type Cut } from './feature-point.ts';
import { initialise, stageNames } from './network-stage.ts';
import { variablesOf, type Network } from './network.ts';
import { area, joinStretches, type Stretch } from './network-stages.ts';

/** More than one, so that a network that only takes single pictures shows itself. */
const PROBE_BATCH = 2;

export interface NetworkBackboneOptions {
  readonly preprocessing: ImagePreprocessing;
  /** The node that is the feature; found where absent. */
  readonly layer?: string;
  /** The source, for messages. */
  readonly from: string;
}

/**
 * Stages between the points of a network that a single tensor crosses. What follows the feature is
 * left out and freed; a feature that is a map is pooled.
 *
 * @throws HeadstartError `invalid-option`, `not-supported`
 */
export function networkBackbone(
  network: Network,
  { preprocessing, layer, from }: NetworkBackboneOptions,
): Backbone<ImagePreprocessing> {
  const { height, width, channels } = preprocessing;
  const last = layer === undefined ? network.output : namedNode(network, layer, from);
  const cuts = probe(network, cutPoints(network.nodes, last), [height, width, channels], from);
  const feature = layer === undefined ? featureCut(network, cuts, from) : cuts.at(-1)!;
  const kept = cuts.slice(0, cuts.indexOf(feature) + 1);
  checkFeature(network, feature, layer === undefined ? feature.node : last, from);
  const used = ancestors(network.nodes, feature.node);
  const keptVariables = new Set(variablesOf(network, used));
  for (const variable of variablesOf(network, network.nodes.keys()))
    if (!keptVariables.has(variable)) variable.value.dispose();

  const stages = buildStages(network, kept);
  return {
    architecture: `tfjs/1:${network.digest}:${network.nodes[feature.node]!.name}:${height}x${width}x${channels}`,
    input: imageInput(preprocessing),
    stages: stages.map(({ stage }) => stage),
    features: featuresOf(stages, height),
    assets: network.assets,
    dispose: () => {
      disposeStages(stages.map(({ stage }) => stage));
      network.dispose();
    },
  };
}

/** A stage and the shape of what it gives, without the batch axis. */
interface ShapedStage {
  readonly stage: Stage;
  readonly shape: readonly number[];
}

function buildStages(network: Network, cuts: readonly Cut[]): ShapedStage[] {
  const joined = joinStretches(stretchesOf(network, cuts)).map((stretches) => stretches.at(-1)!);
  const names = stageNames(joined.map(({ end }) => network.nodes[end]!.name));
  let start = cuts[0]!;
  const stages = joined.map(({ end, shape: whole }, i): ShapedStage => {
    // A single cell at the end is a vector already.
    const shape = end === cuts.at(-1)!.node && whole.length === 3 && area(whole) === 1 ? whole.slice(2) : whole;
    const stage = networkStage(network, {
      name: names[i]!,
      from: start.node,
      to: end,
      takes: i === 0 ? 'image' : tensorName(start.shape),
      shape,
    });
    start = { node: end, shape };
    return { stage, shape };
  });
  if (start.shape.length === 1) return stages;
  const pool: Stage = {
    name: names.includes('pool') ? 'global_pool' : 'pool',
    variables: [],
    forward: (inputs) => ({ pooled: globalAveragePooling(stageInput(inputs, 'map')) }),
    initialise: () => {},
  };
  return [...stages, { stage: pool, shape: start.shape.slice(2) }];
}

/** The last map of each size, and the vectors. */
function featuresOf(stages: readonly ShapedStage[], inputHeight: number): FeatureInfo[] {
  return stages.flatMap(({ stage: { name }, shape }, i): FeatureInfo[] => {
    const tensor = tensorName(shape);
    if (shape.length === 1) return [{ name, stage: name, tensor, shape, kind: 'vector' }];
    const next = stages[i + 1]?.shape;
    if (shape.length !== 3 || (next?.length === 3 && next[0] === shape[0])) return [];
    return [{ name, stage: name, tensor, shape, kind: 'map', stride: Math.round(inputHeight / shape[0]!) }];
  });
}

/** Runs the network on an empty picture: shapes of the tensors at the cuts that are float and have a batch axis. */
function probe(network: Network, cuts: readonly number[], picture: readonly number[], from: string): Cut[] {
  const found: Cut[] = [{ node: 0, shape: picture }];
  tidy(() => {
    let x: Tensor = zeros([PROBE_BATCH, ...picture]);
    for (const node of cuts.slice(1)) {
      let y: Tensor;
      try {
        [y] = network.run(new Map([[found.at(-1)!.node, x]]), [node], { training: false }) as [Tensor];
      } catch (cause) {
        throw new HeadstartError({
          code: 'not-supported',
          message: `${from} cannot run on ${PROBE_BATCH} pictures of ${picture.join(' x ')} at "${network.nodes[node]!.name}": ${cause instanceof Error ? cause.message : String(cause)}`,
          hint: 'A model that is fixed to one picture, or that needs executeAsync, cannot be trained; convert it with an open batch axis.',
          cause,
        });
      }
      if (y.dtype !== 'float32' || y.shape[0] !== PROBE_BATCH) continue;
      found.push({ node, shape: y.shape.slice(1) });
      x = y;
    }
  });
  return found;
}

function checkFeature(network: Network, { node, shape }: Cut, wanted: number, from: string): void {
  if (node === wanted && (shape.length === 1 || shape.length === 3)) return;
  const what =
    node === wanted ? `has the shape [batch, ${shape.join(', ')}]` : 'is not one float tensor with a batch axis';
  throw new HeadstartError({
    code: 'not-supported',
    message: `The feature "${network.nodes[wanted]!.name}" of ${from} ${what}.`,
    hint: 'Name a layer that gives a vector or a map [height, width, channels]: tfjs:<path>#layer=<name>.',
  });
}

function stretchesOf(network: Network, cuts: readonly Cut[]): Stretch[] {
  return cuts.slice(1).map(({ node, shape }, i) => {
    const kernels = variablesOf(network, between(network, cuts[i]!.node, node)).filter(
      ({ role, value }) => role === 'weight' && value.rank > 1,
    );
    return { end: node, shape, kernels: kernels.length };
  });
}

function between(network: Network, from: number, to: number): number[] {
  return [...ancestors(network.nodes, to)].filter((node) => node > from).sort((a, b) => a - b);
}

function networkStage(
  network: Network,
  { name, from, to, takes, shape }: { name: string; from: number; to: number; takes: string; shape: readonly number[] },
): Stage {
  const variables = variablesOf(network, between(network, from, to));
  return {
    name,
    variables,
    forward: (inputs, mode) =>
      tidy(() => {
        const x = stageInput(inputs, takes);
        const [y] = network.run(new Map([[from, x]]), [to], mode) as [Tensor];
        return { [tensorName(shape)]: reshape(y, [-1, ...shape]) };
      }),
    initialise: (random) => initialise(variables, random),
  };
}

function tensorName(shape: readonly number[]): string {
  return shape.length === 3 ? 'map' : shape.length === 1 ? 'pooled' : 'sequence';
}
