import { HeadstartError, type SourceDomain, type SourceRuntime, type OpenOptions } from '@headstart/core';
import type { Backbone, FeatureInfo, Stage, Tensors } from '@headstart/core/network';
import { detectorPreprocessing, type DetectorPreprocessing } from './detector-preprocessing.ts';

const STRIDES = [8, 16, 32] as const;

export interface ClassifierPyramid {
  readonly id: string;
  /** The classifier, when it is needed. */
  readonly classifier: () => SourceDomain;
  readonly card: SourceDomain['card'];
  /** Side of the input in pixels; a multiple of 32. A convolutional network takes any. */
  readonly side: number;
}

/**
 * A classifier as a backbone for detection: its stages up to the last map of stride 32, each of which hands
 * on the last maps of strides 8 and 16 beside its own. The maps differ in width, so the head makes a
 * feature pyramid of them (Lin et al., 2017).
 */
export function classifierPyramid({ id, classifier, card, side }: ClassifierPyramid): SourceDomain {
  return {
    id,
    modality: 'image',
    card,
    async open(runtime: SourceRuntime, options: OpenOptions): Promise<Backbone<DetectorPreprocessing>> {
      const base = await classifier().open(runtime, options);
      try {
        return asDetector(base, id, side);
      } catch (cause) {
        base.dispose();
        throw cause;
      }
    },
  };
}

function asDetector(base: Backbone, id: string, side: number): Backbone<DetectorPreprocessing> {
  const kept = STRIDES.map((stride) => deepest(base, stride, id));
  const last = base.stages.findIndex(({ name }) => name === kept[2]!.stage);
  const stages = base.stages.slice(0, last + 1).map((stage) => carryingStage(stage, kept));
  return {
    architecture: `${base.architecture}:pyramid/1:${side}`,
    input: {
      tensors: { [Object.keys(base.input.tensors)[0]!]: { shape: [side, side, 3], dtype: 'float32' } },
      preprocessing: { ...detectorPreprocessing(base), height: side, width: side },
    },
    stages,
    features: kept.map(({ stage, shape }, i): FeatureInfo => {
      const stride = STRIDES[i]!;
      return {
        name: `c${stride}`,
        stage,
        tensor: `c${stride}`,
        shape: [side / stride, side / stride, shape.at(-1)!],
        kind: 'map',
        stride,
      };
    }),
    dispose: () => base.dispose(),
  };
}

/** The classifier's last map of a stride that is no wider than four times the map before: its top layers widen for pooling. */
function deepest(base: Backbone, stride: number, id: string): FeatureInfo {
  const maps = base.features.filter((feature) => feature.kind === 'map' && feature.stride === stride);
  const found =
    maps.findLast((feature, i) => i === 0 || feature.shape.at(-1)! < 4 * maps[i - 1]!.shape.at(-1)!) ?? maps.at(-1);
  if (!found) throw unsuitable(base, id, `it has no map of stride ${stride}`);
  return found;
}

/** The stage, handing on the maps that were kept before it and its own where that is kept. */
function carryingStage(stage: Stage, kept: readonly FeatureInfo[]): Stage {
  const names = STRIDES.map((stride) => `c${stride}`);
  const isLast = kept[2]!.stage === stage.name;
  return {
    name: stage.name,
    variables: stage.variables,
    initialise: (random) => stage.initialise(random),
    forward(inputs, mode) {
      const own = Object.fromEntries(Object.entries(inputs).filter(([name]) => !names.includes(name)));
      const carried = Object.fromEntries(
        Object.entries(inputs).flatMap(([name, value]) => (names.includes(name) ? [[name, value.clone()]] : [])),
      );
      const outputs = stage.forward(own, mode);
      const place = kept.findIndex((feature) => feature.stage === stage.name);
      if (place < 0) return { ...outputs, ...carried };
      const map = outputs[kept[place]!.tensor]!;
      const result: Tensors = { ...carried, [names[place]!]: map };
      return isLast ? result : { ...outputs, ...result, [names[place]!]: map.clone() };
    },
  };
}

function unsuitable({ architecture }: Backbone, id: string, why: string): HeadstartError {
  return new HeadstartError({
    code: 'not-supported',
    message: `${id} cannot be built on ${architecture}: ${why}.`,
    hint: 'Detection needs a convolutional network of colour pictures with maps of the strides 8, 16 and 32.',
  });
}
