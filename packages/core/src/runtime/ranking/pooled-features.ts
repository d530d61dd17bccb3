import { softmax, tidy, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { datasetOf } from '../../domains/splits.ts';
import type { Sample } from '../../domains/target-domain.ts';
import type { Encoder } from '../../data/encoder.ts';
import type { FeatureStore } from '../../data/feature-store.ts';
import { prefixOutputSpecs } from '../../data/frozen-prefix.ts';
import { fillRows, openRows } from '../../data/prefix-rows.ts';
import type { FeatureCounts } from '../../data/split-data.ts';
import type { Backbone, FeatureInfo } from '../../network/backbone.ts';
import type { Head } from '../../network/head.ts';
import { pooledFeature } from '../../network/head-feature.ts';
import { runStages } from '../../network/run-stages.ts';
import type { Stage } from '../../network/stage.ts';
import type { Tensors } from '../../network/tensors.ts';
import { TransferModel } from '../../network/transfer-model.ts';
import type { Backend } from '../../ports/backend.ts';
import type { Progress } from '@headstart/artifacts';
import type { Matrix } from '../../transferability/matrix.ts';

/** What the features of a backbone and the words of its own classifier are called among the stage's outputs. */
const FEATURE = 'feature/';
const PROBABILITIES = 'probabilities';

export interface PooledFeaturesOptions {
  readonly backend: Backend;
  readonly store: FeatureStore;
  readonly progress: Progress;
  readonly backbone: Backbone;
  readonly head: Head;
  readonly encoder: Encoder;
  readonly samples: readonly Sample[];
}

/** What a source makes of samples, every layer at once. */
export interface PooledFeatures {
  /** In order of depth: vectors as they are, maps averaged over their cells. */
  readonly layers: readonly { readonly layer: FeatureInfo; readonly features: Matrix }[];
  /** What the source's own classifier says, where it has one. */
  readonly probabilities?: Matrix;
  /** How many samples had their features in the store. */
  readonly counts: FeatureCounts;
}

/**
 * Every named feature of a backbone, one vector per sample and layer, by way of the feature store: one row per sample has them
 * all. Sequences, which have no vector, are left out.
 *
 * @throws HeadstartError `sample-unreadable`, `not-finite`, `storage-*`
 */
export async function pooledFeatures(options: PooledFeaturesOptions): Promise<PooledFeatures> {
  const { backbone, head, encoder, samples } = options;
  const layers = backbone.features.filter(({ kind }) => kind !== 'sequence');
  const model = new TransferModel({ ...backbone, stages: [pooling(backbone, layers)] }, head);
  const row = prefixOutputSpecs(model, encoder.inputs, 1);
  let counts: FeatureCounts | undefined;
  const context = { ...options, model, onFeatures: async (found: FeatureCounts) => void (counts = found) };
  const set = await openRows(context, 1, row);
  try {
    await fillRows(context, datasetOf(samples), 1, set);
    const tensors = await set.read(samples.map(({ digest }) => digest));
    const matrix = (name: string): Matrix => ({
      rows: samples.length,
      columns: row[name]!.shape[0]!,
      values: tensors[name] as Float32Array,
    });
    return {
      layers: layers.map((layer) => ({ layer, features: matrix(FEATURE + layer.name) })),
      ...(row[PROBABILITIES] && { probabilities: matrix(PROBABILITIES) }),
      counts: counts!,
    };
  } finally {
    await set.close();
  }
}

/** All of a backbone as one stage, which hands on its features as vectors. */
function pooling({ stages, sourceHead }: Backbone, layers: readonly FeatureInfo[]): Stage {
  const classifier = sourceHead?.stage;
  const parts = classifier ? [...stages, classifier] : stages;
  return {
    name: 'pooled-features',
    variables: parts.flatMap((stage) =>
      stage.variables.map((variable) => ({ ...variable, name: `${stage.name}/${variable.name}` })),
    ),
    forward: (inputs, mode) =>
      tidy(() => {
        const found: Record<string, Tensor> = {};
        const outputs = runStages(stages, inputs, mode, (stage, handedOn) => {
          for (const layer of layers)
            if (layer.stage === stage.name) found[FEATURE + layer.name] = pooledFeature(layer, handedOn).clone();
        });
        const said = classifier?.forward(outputs, mode);
        return { ...found, ...(said && predictions(said)) };
      }),
    initialise: () => {},
  };
}

/** What a classifier of single classes says; nothing of another head. */
function predictions({ logits }: Tensors): Record<string, Tensor> {
  if (logits?.rank !== 2 || logits.shape[1]! < 2) return {};
  return { [PROBABILITIES]: softmax(logits as Tensor2D) };
}
