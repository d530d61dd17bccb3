import { clone, reshape, tidy, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Backbone, FeatureInfo, InputSpec } from '../backbone.ts';
import { stageInput } from '../layer-stage.ts';
import { globalAveragePooling } from '../layers/pooling.ts';
import { disposeStages, type Stage } from '../stage.ts';
import type { TensorSpecs } from '../tensors.ts';
import { ancestors, cutPoints, nodesBetween } from './cut-points.ts';
import { featureCut, namedNode, type Cut, type NetworkNaming } from './feature-cut.ts';
import { mapArea, joinStretches, type Stretch } from './join-stretches.ts';
import { variablesOf, type Network, type NetworkInput } from './network.ts';
import { stageNames } from './stage-names.ts';

/** More than one, so that a network that only takes single samples shows itself. */
const PROBE_BATCH = 2;

/** How a network becomes a backbone. */
export interface NetworkBackboneOptions<Preprocessing> extends NetworkNaming {
  /** Names the format and the code that reads it, such as `tfjs/1`. */
  readonly format: string;
  /** The network's inputs by their names, with the sides that the model leaves open. */
  readonly input: InputSpec<Preprocessing>;
  /** The node that is the feature; found where absent. */
  readonly layer?: string;
  /** Whether a feature may be a sequence `[length, width]`, which the caller's own last stage pools; false where absent. */
  readonly sequences?: boolean;
}

/**
 * Stages between the points of a network that a single tensor crosses. The first takes the network's inputs; each
 * hands on `map`, `sequence` or `pooled` and the carried inputs. What follows the feature is left out and freed; a
 * feature that is a map is pooled.
 *
 * @throws HeadstartError `invalid-option`, `not-supported`
 */
export function networkBackbone<Preprocessing>(
  network: Network,
  { format, input, layer, sequences = false, ...naming }: NetworkBackboneOptions<Preprocessing>,
): Backbone<Preprocessing> {
  const last = layer === undefined ? network.output : namedNode(network, layer, naming.from);
  const cuts = probe(network, cutPoints(network, last), input.tensors, naming.from);
  const feature = layer === undefined ? featureCut(network, cuts, sequences, naming) : cuts.at(-1);
  const checked = checkFeature(network, feature, feature && layer === undefined ? feature.node : last, {
    ...naming,
    sequences,
  });
  const kept = cuts.slice(0, cuts.indexOf(checked) + 1);
  const keptVariables = new Set(variablesOf(network, ancestors(network.nodes, checked.node)));
  for (const variable of variablesOf(network, network.nodes.keys()))
    if (!keptVariables.has(variable)) variable.value.dispose();

  const stages = buildStages(network, kept);
  const shapes = Object.values(input.tensors).map(({ shape }) => shape.join('x'));
  return {
    architecture: `${format}:${network.digest}:${network.nodes[checked.node]!.name}:${shapes.join('+')}`,
    input,
    stages: stages.map(({ stage }) => stage),
    features: featuresOf(stages, input.tensors, sequences),
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

/** A tensor that a stage takes: the node that gives it, and its name among the stage's inputs. */
type Taken = Pick<NetworkInput, 'node' | 'name'>;

function buildStages(network: Network, cuts: readonly Cut[]): ShapedStage[] {
  const joined = joinStretches(stretchesOf(network, cuts)).map((stretches) => stretches.at(-1)!);
  const names = stageNames(joined.map(({ end }) => network.nodes[end]!.name));
  const carried = network.inputs.filter((each) => each.carried);
  let takes: readonly Taken[] = network.inputs;
  const stages = joined.map(({ end, shape: whole }, i): ShapedStage => {
    // A single cell at the end is a vector already.
    const shape = end === cuts.at(-1)!.node && whole.length === 3 && mapArea(whole) === 1 ? whole.slice(2) : whole;
    const stage = networkStage(network, { name: names[i]!, takes, to: end, shape, carried });
    takes = [{ node: end, name: tensorName(shape) }, ...carried];
    return { stage, shape };
  });
  const { shape } = stages.at(-1)!;
  if (shape.length !== 3) return stages;
  const pool: Stage = {
    name: names.includes('pool') ? 'global_pool' : 'pool',
    variables: [],
    forward: (inputs) => ({ pooled: globalAveragePooling(stageInput(inputs, 'map')) }),
    initialise: () => {},
  };
  return [...stages, { stage: pool, shape: shape.slice(2) }];
}

/** The last map of each size, the sequences where they are wanted, and the vectors. */
function featuresOf(stages: readonly ShapedStage[], inputs: TensorSpecs, sequences: boolean): FeatureInfo[] {
  const height = Object.values(inputs).find(({ shape }) => shape.length === 3)?.shape[0];
  return stages.flatMap(({ stage: { name }, shape }, i): FeatureInfo[] => {
    const feature = { name, stage: name, tensor: tensorName(shape), shape };
    if (shape.length === 1) return [{ ...feature, kind: 'vector' }];
    if (shape.length === 2 && sequences) return [{ ...feature, kind: 'sequence' }];
    const next = stages[i + 1]?.shape;
    if (shape.length !== 3 || (next?.length === 3 && next[0] === shape[0])) return [];
    return [{ ...feature, kind: 'map', stride: height === undefined ? undefined : Math.round(height / shape[0]!) }];
  });
}

/** Runs the network on empty samples: shapes of the tensors at the cuts that are float and have a batch axis. */
function probe(network: Network, cuts: readonly number[], specs: TensorSpecs, from: string): Cut[] {
  const found: Cut[] = [];
  tidy(() => {
    const empty = network.inputs.map(({ node, name, carried }) => {
      const { shape, dtype } = specs[name]!;
      const value: Tensor = zeros([PROBE_BATCH, ...shape], dtype);
      return { node, carried, value };
    });
    let given = new Map(empty.map(({ node, value }) => [node, value]));
    for (const node of cuts) {
      const y = runProbe(network, given, node, specs, from);
      if (y.dtype !== 'float32' || y.shape[0] !== PROBE_BATCH) continue;
      found.push({ node, shape: y.shape.slice(1) });
      given = new Map([
        [node, y],
        ...empty.flatMap((each) => (each.carried ? [[each.node, each.value] as const] : [])),
      ]);
    }
  });
  return found;
}

function runProbe(
  network: Network,
  given: ReadonlyMap<number, Tensor>,
  node: number,
  specs: TensorSpecs,
  from: string,
): Tensor {
  try {
    return network.run(given, [node], { training: false })[0]!;
  } catch (cause) {
    const shapes = Object.values(specs).map(({ shape }) => shape.join(' x '));
    throw new HeadstartError({
      code: 'not-supported',
      message: `${from} cannot run on ${PROBE_BATCH} samples of ${shapes.join(', ')} at "${network.nodes[node]!.name}": ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'A model that is fixed to one sample, or that needs executeAsync, cannot be trained; convert it with an open batch axis.',
      cause,
    });
  }
}

function checkFeature(
  network: Network,
  feature: Cut | undefined,
  wanted: number,
  { from, layerOption, sequences }: NetworkNaming & { sequences: boolean },
): Cut {
  const rank = feature?.shape.length;
  if (feature?.node === wanted && (rank === 1 || rank === 3 || (rank === 2 && sequences))) return feature;
  const what =
    feature?.node === wanted
      ? `has the shape [batch, ${feature.shape.join(', ')}]`
      : 'is not one float tensor with a batch axis';
  throw new HeadstartError({
    code: 'not-supported',
    message: `The feature "${network.nodes[wanted]!.name}" of ${from} ${what}.`,
    hint: `Name a layer that gives a vector or a map [height, width, channels]: ${layerOption}.`,
  });
}

function stretchesOf(network: Network, cuts: readonly Cut[]): Stretch[] {
  const inputs = network.inputs.map(({ node }) => node);
  return cuts.map(({ node, shape }, i) => {
    const given = i === 0 ? inputs : [cuts[i - 1]!.node, ...inputs];
    const kernels = variablesOf(network, nodesBetween(network.nodes, given, [node])).filter(
      ({ role, value }) => role === 'weight' && value.rank > 1,
    );
    return { end: node, shape, kernels: kernels.length };
  });
}

function networkStage(
  network: Network,
  {
    name,
    takes,
    to,
    shape,
    carried,
  }: {
    name: string;
    takes: readonly Taken[];
    to: number;
    shape: readonly number[];
    carried: readonly Taken[];
  },
): Stage {
  const given = takes.map(({ node }) => node);
  const variables = variablesOf(network, nodesBetween(network.nodes, given, [to]));
  return {
    name,
    variables,
    forward: (inputs, mode) =>
      tidy(() => {
        const values = new Map(takes.map((each) => [each.node, stageInput(inputs, each.name)]));
        const [y] = network.run(values, [to], mode) as [Tensor];
        return {
          // Sequences keep their length, which may be another than that of the input's specification.
          [tensorName(shape)]: shape.length === 2 ? y : reshape(y, [-1, ...shape]),
          ...Object.fromEntries(carried.map((each) => [each.name, clone(values.get(each.node)!)])),
        };
      }),
    initialise: (random) => variables.forEach((variable) => variable.initialiser(variable, random)),
  };
}

function tensorName(shape: readonly number[]): string {
  return shape.length === 3 ? 'map' : shape.length === 1 ? 'pooled' : 'sequence';
}
