import { add, div, mean, mul, reshape, type Scalar, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { lossTerm, type LossTerm } from '@headstart/core';
import { coralLoss, DenseNetwork, domainLoss, reversalScale } from '@headstart/core/adaptation';
import { reverseGradient, type FeatureInfo, type Tensors } from '@headstart/core/network';

/** What a term of feature maps counts beside the task's loss. */
export interface LevelTermOptions {
  /** The maps of the pyramid's levels. */
  readonly levels: readonly Pick<FeatureInfo, 'name'>[];
  readonly weight: number;
}

/** Numbers in the hidden layer of a level's discriminator. */
const HIDDEN = 128;

/**
 * Adversarial alignment per level: a discriminator of each map's cells, whose gradient reaches the maps reversed by `reversalScale`
 * (Chen et al., 2018, arXiv 1803.03243, as Hsu et al., 2020, arXiv 2008.08574, have it for detectors without anchors: all cells of
 * all levels). The value is the mean over the levels.
 */
export function levelAdversaryTerm({ levels, weight }: LevelTermOptions): LossTerm {
  return lossTerm({
    name: 'dann',
    needs: { features: namesOf(levels), unlabelled: true },
    layers: ({ features }) =>
      Object.fromEntries(
        namesOf(levels).map((name) => [
          name,
          new DenseNetwork({ inputs: features[name]!.shape.at(-1)!, hidden: [HIDDEN], outputs: 1 }),
        ]),
      ),
    value({ labelled, unlabelled, layers, progress }) {
      const scale = reversalScale(progress);
      return overLevels(levels, weight, (name) => {
        const judge = ({ features }: { readonly features: Tensors }) =>
          layers[name]!.forward(reverseGradient(cellsOfMap(features[name]!), scale));
        return domainLoss(judge(labelled), judge(unlabelled));
      });
    },
  });
}

/** `coralLoss` of the cells of each level, the mean over the levels. */
export function levelCoralTerm({ levels, weight }: LevelTermOptions): LossTerm {
  return lossTerm({
    name: 'coral',
    needs: { features: namesOf(levels), unlabelled: true },
    value: ({ labelled, unlabelled }) =>
      overLevels(levels, weight, (name) =>
        coralLoss(cellsOfMap(labelled.features[name]!), cellsOfMap(unlabelled.features[name]!)),
      ),
  });
}

/** Nothing is added to the loss: unlabelled batches pass the network, which keeps their statistics where it normalises by batches. */
export function levelStatisticsTerm({ levels }: Pick<LevelTermOptions, 'levels'>): LossTerm {
  return lossTerm({
    name: 'adabn',
    needs: { features: namesOf(levels), unlabelled: true },
    value: ({ unlabelled }) => overLevels(levels, 0, (name) => mean(unlabelled.features[name]!)),
  });
}

function namesOf(levels: LevelTermOptions['levels']): string[] {
  return levels.map(({ name }) => name);
}

function overLevels(levels: LevelTermOptions['levels'], weight: number, loss: (name: string) => Scalar): Scalar {
  const sum = namesOf(levels)
    .map(loss)
    .reduce((total, each) => add(total, each));
  return mul(div(sum, levels.length), weight);
}

/** `[batch, height, width, channels]` as `[cells, channels]`. */
function cellsOfMap(map: Tensor): Tensor2D {
  return reshape(map, [-1, map.shape.at(-1)!]);
}
