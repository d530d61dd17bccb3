import { add, concat, dispose, mul, relu, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import { dropout } from '../random/dropout.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Backbone, FeatureInfo } from './backbone.ts';
import { headFeature, pooledFeature } from './head-feature.ts';
import { BatchNorm } from './layers/batch-norm.ts';
import { Dense } from './layers/dense.ts';
import { heNormal } from './layers/initialisers.ts';
import { usesBatchStatistics, type ForwardMode, type ModelVariable, type Stage } from './stage.ts';
import type { Tensors } from './tensors.ts';
import { withMembers } from './with-members.ts';

/** The name of a bottleneck among the stages, and of the feature that it gives. */
export const BOTTLENECK = 'bottleneck';

/** A layer between a backbone and its head, in which domains are brought together. */
export interface BottleneckPlan {
  /** Numbers that it gives per sample. */
  readonly width: number;
  /** Share of them that training drops; from 0 to below 1. */
  readonly dropout: number;
  /** Names of earlier features, maps, that join the last one, averaged over their cells; none where absent. */
  readonly joined?: readonly string[];
}

/** A bottleneck as a strategy wants it, on whatever network there is. */
export interface WantedBottleneck extends Omit<BottleneckPlan, 'joined'> {
  /** How many maps before the last feature join it, of a network that has as many; none where absent. */
  readonly earlier?: number;
  /** Whether a network with fewer is refused. */
  readonly refusesFewer?: boolean;
}

/**
 * The stage between a backbone and its head that adaptation by features works on: the last feature as one vector, with earlier ones beside
 * it where the plan names some, a dense layer, batch norm, ReLU and dropout, as in the authors' code of CDAN and SHOT and in TLlib. `[batch, width]`.
 */
export class Bottleneck implements Stage {
  readonly name = BOTTLENECK;
  readonly variables: readonly ModelVariable[];
  readonly #feature: FeatureInfo;
  readonly #dense: Dense;
  readonly #norm: BatchNorm;

  /** @throws HeadstartError `not-supported` for a backbone whose last feature is neither vector nor map */
  constructor(
    backbone: Backbone,
    readonly plan: BottleneckPlan,
  ) {
    this.#feature = headFeature(backbone);
    const { width, joined = [] } = plan;
    const features = [this.#feature, ...joined.map((name) => joinedFeature(backbone, name))];
    const inputs = features.reduce((sum, { shape }) => sum + shape.at(-1)!, 0);
    this.#dense = new Dense({ name: 'dense', inputs, outputs: width, initialiser: heNormal(inputs) });
    this.#norm = new BatchNorm({ name: 'norm', channels: width, epsilon: 1e-5, momentum: 0.1 });
    this.variables = [...this.#dense.variables, ...this.#norm.variables];
  }

  forward(inputs: Tensors, mode: ForwardMode): Tensors {
    const last = pooledFeature(this.#feature, inputs);
    const { joined = [] } = this.plan;
    const vector = joined.length > 0 ? concat([last, ...joined.map((name) => inputs[carried(name)]!)], 1) : last;
    const projected = this.#dense.forward(vector, mode);
    const features = relu(this.#normalised(projected, mode));
    const dropped = mode.training && mode.random ? dropout(features, this.plan.dropout, mode.random) : features;
    return { [BOTTLENECK]: dropped };
  }

  initialise(random: RandomStream): void {
    this.#dense.initialise(random.child('dense'));
    this.#norm.initialise();
  }

  /** Its dense layer and batch norm as one affine function, by the moving averages: what it computes is `relu(x kernel + bias)`. */
  async folded(): Promise<FoldedBottleneck> {
    const { kernel, bias } = tidy(() => {
      const { scale, shift } = this.#norm.affine();
      const { kernel: weights, bias: offset } = this.#dense;
      return { kernel: mul(weights.value, scale), bias: add(mul(offset.value, scale), shift) };
    });
    try {
      const { joined = [] } = this.plan;
      return { joined, kernel: await kernel.data<'float32'>(), bias: await bias.data<'float32'>() };
    } finally {
      dispose([kernel, bias]);
    }
  }

  #normalised(x: Tensor, mode: ForwardMode): Tensor {
    return usesBatchStatistics(mode) ? this.#norm.train(x, mode) : this.#norm.infer(x);
  }
}

/** What a trained bottleneck does to a feature, for exports: `relu(x kernel + bias)`. */
export interface FoldedBottleneck {
  /** The features whose means over their cells stand in `x` behind the last feature, by their names. */
  readonly joined: readonly string[];
  /** `[inputs, width]`, row-major. */
  readonly kernel: Float32Array;
  /** `[width]` */
  readonly bias: Float32Array;
}

/** What the bottleneck of a backbone comes to after training; undefined for a backbone without one. */
export async function foldedBottleneck(backbone: Pick<Backbone, 'stages'>): Promise<FoldedBottleneck | undefined> {
  return bottleneckOf(backbone)?.folded();
}

/**
 * The bottleneck that a strategy wants, on this network: with the names of the maps that join its last feature. A map that the last feature is
 * the mean of tells nothing beside it. A network that has a bottleneck keeps it.
 * @throws HeadstartError `invalid-option` where there are fewer than have to be, or the bottleneck that is there takes others
 */
export function bottleneckOn(
  backbone: Pick<Backbone, 'features' | 'architecture' | 'stages'>,
  { width, dropout, earlier = 0, refusesFewer = false }: WantedBottleneck,
): BottleneckPlan {
  const own = bottleneckOf(backbone)?.plan;
  if (own) {
    if (refusesFewer && own.joined?.length !== (earlier || undefined)) throw keepsItsOwn(own, earlier);
    return own;
  }
  const { features, architecture } = backbone;
  const last = features.at(-1);
  const maps = features.slice(0, -1).filter(({ kind }) => kind === 'map');
  if (last?.kind === 'vector' && maps.at(-1)?.shape.at(-1) === last.shape[0]) maps.pop();
  if (refusesFewer && maps.length < earlier) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${earlier} earlier features were asked for, and ${architecture} has ${maps.length === 0 ? 'none' : `${maps.length} alone`} that can join its last one.`,
      hint: `Give earlier=${maps.length}, or leave it out.`,
    });
  }
  const joined = earlier > 0 ? maps.slice(-earlier).map(({ name }) => name) : [];
  return { width, dropout, ...(joined.length > 0 && { joined }) };
}

function keepsItsOwn({ joined = [] }: BottleneckPlan, earlier: number): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `earlier=${earlier} was asked for, and the source has a bottleneck already, which ${joined.length === 0 ? 'no earlier feature joins' : `${joined.join(' and ')} join`}: it is trained on as it is.`,
    hint: `Give earlier=${joined.length} or leave it out, or start from a source without a bottleneck.`,
  });
}

/** @throws HeadstartError `model-invalid` for a map that the network does not have */
function joinedFeature(
  { features, architecture }: Pick<Backbone, 'features' | 'architecture'>,
  name: string,
): FeatureInfo {
  const found = features.find((feature) => feature.name === name && feature.kind === 'map');
  if (found) return found;
  throw new HeadstartError({
    code: 'model-invalid',
    message: `The model's bottleneck takes the feature "${name}", which ${architecture} does not have.`,
    hint: 'Open it with the version of the plugin that it was trained with, or train it again.',
  });
}

/** What a joined feature is called among the outputs of the stages after its own. */
const carried = (name: string) => `${BOTTLENECK}/${name}`;

/** The stages of a backbone, which hand on the features that join its last one: those of the stages before, and their own. */
function carrying(backbone: Backbone, joined: readonly string[]): readonly Stage[] {
  const features = joined.map((name) => joinedFeature(backbone, name));
  const before: string[] = [];
  return backbone.stages.map((stage) => {
    const own = features.filter((feature) => feature.stage === stage.name);
    const handed = [...before];
    before.push(...own.map(({ name }) => carried(name)));
    if (own.length + handed.length === 0) return stage;
    return withMembers(stage, {
      forward: (inputs, mode) => {
        const outputs = stage.forward(inputs, mode);
        return {
          ...outputs,
          ...Object.fromEntries(handed.map((name) => [name, inputs[name]!])),
          ...Object.fromEntries(
            own.map((feature): [string, Tensor2D] => [carried(feature.name), pooledFeature(feature, outputs)]),
          ),
        };
      },
    });
  });
}

/** The bottleneck of a backbone that has one. */
export function bottleneckOf({ stages }: Pick<Backbone, 'stages'>): Bottleneck | undefined {
  return stages.find((stage) => stage instanceof Bottleneck);
}

/**
 * The backbone with a bottleneck as its last stage, whose output is the feature that heads take; as it is where it has one. The source's own
 * head, which takes another feature, is gone.
 * @param random draws its weights; they are left at zero without it
 * @throws HeadstartError `not-supported` for a backbone whose last feature is neither vector nor map
 */
export function withBottleneck(backbone: Backbone, plan: BottleneckPlan, random?: RandomStream): Backbone {
  if (bottleneckOf(backbone)) return backbone;
  const stage = new Bottleneck(backbone, plan);
  if (random) stage.initialise(random);
  return withMembers(backbone, {
    stages: [...carrying(backbone, plan.joined ?? []), stage],
    features: [
      ...backbone.features,
      { name: BOTTLENECK, stage: BOTTLENECK, tensor: BOTTLENECK, shape: [plan.width], kind: 'vector' },
    ],
    sourceHead: undefined,
    dispose() {
      for (const { value } of stage.variables) value.dispose();
      backbone.dispose();
    },
  });
}
