import { HeadstartError } from '@headstart/core';
import type { Backbone, FeatureInfo } from '@headstart/core/network';
import { isDetector } from '../sources/detector-preprocessing.ts';

/** The cells of one feature map. A cell stands for the point in its middle, `stride` pixels from the next. */
export interface Level {
  readonly feature: FeatureInfo;
  readonly stride: number;
  readonly rows: number;
  readonly columns: number;
  /** The number of cells of the levels before. */
  readonly first: number;
  /** Set where the map is made for a head's last convolutions: a detector's own. */
  readonly refined?: boolean;
}

/** All cells that a head predicts for, level by level, the finest first, each row by row. */
export interface Cells {
  readonly levels: readonly Level[];
  readonly count: number;
  /** Middle of each cell in pixels of the input, and its stride. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly stride: Float32Array;
}

/** What of a backbone the cells follow from. */
type Pyramid = Pick<Backbone, 'architecture' | 'features' | 'input'>;

/** The strides of a detector's pyramid. */
const STRIDES = [8, 16, 32];
/** Maps that another backbone has to have. */
const FEWEST = 3;

/**
 * The cells of the maps that detection works on: a detector's last ones of the strides 8, 16 and 32, all maps that
 * another backbone hands on at its end.
 * @throws HeadstartError `not-supported` for a detector that lacks one of them, for another backbone with less than three
 */
export function cellsOf(backbone: Pyramid): Cells {
  let count = 0;
  const refined = isDetector(backbone);
  const levels = (refined ? detectorMaps(backbone) : lastMaps(backbone)).map((feature): Level => {
    const [rows, columns] = feature.shape as [number, number, number];
    const level = { feature, stride: feature.stride!, rows, columns, first: count, refined };
    count += rows * columns;
    return level;
  });
  const cells = {
    levels,
    count,
    x: new Float32Array(count),
    y: new Float32Array(count),
    stride: new Float32Array(count),
  };
  for (const { stride, rows, columns, first } of levels) {
    for (let i = 0; i < rows * columns; i++) {
      cells.x[first + i] = ((i % columns) + 0.5) * stride;
      cells.y[first + i] = (Math.floor(i / columns) + 0.5) * stride;
      cells.stride[first + i] = stride;
    }
  }
  return cells;
}

function detectorMaps(backbone: Pyramid): FeatureInfo[] {
  return STRIDES.map((stride) => {
    const feature = backbone.features.findLast((each) => each.kind === 'map' && each.stride === stride);
    if (!feature) throw noPyramid(backbone, `feature maps of the strides ${STRIDES.join(', ')},`);
    return feature;
  });
}

/** Maps of the last stage, the finest first. */
function lastMaps(backbone: Pyramid): FeatureInfo[] {
  const stage = backbone.features.at(-1)?.stage;
  const maps = backbone.features
    .filter((each) => each.kind === 'map' && each.stride !== undefined && each.stage === stage)
    .sort((a, b) => a.stride! - b.stride!);
  const strides = new Set(maps.map(({ stride }) => stride));
  if (maps.length < FEWEST || strides.size < maps.length)
    throw noPyramid(backbone, `${FEWEST} feature maps or more at its end, each of another stride,`);
  return maps;
}

function noPyramid({ architecture, features }: Pyramid, what: string): HeadstartError {
  const maps = features
    .filter(({ kind }) => kind === 'map')
    .map(({ name, stride }) => `${name} (stride ${stride ?? 'unknown'})`);
  return new HeadstartError({
    code: 'not-supported',
    message: `${architecture} does not offer ${what} which detection needs; its maps are ${maps.join(', ') || 'none'}.`,
    hint: 'Choose a source for detection, such as nanodet-coco, or name three maps of a TensorFlow.js model: tfjs:<path>#features=<name>,<name>,<name>.',
  });
}
