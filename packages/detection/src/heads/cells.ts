import { HeadstartError, type Backbone, type FeatureInfo } from '@headstart/core';
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

const STRIDES = [8, 16, 32];

/**
 * The cells of the last maps of strides 8, 16 and 32 that a backbone offers.
 * @throws HeadstartError `not-supported` for a backbone that lacks one of them, or does not hand on all three
 */
export function cellsOf(backbone: Backbone): Cells {
  let count = 0;
  const levels = STRIDES.map((stride): Level => {
    const feature = backbone.features.findLast((each) => each.kind === 'map' && each.stride === stride);
    if (!feature) throw noPyramid(backbone);
    const [rows, columns] = feature.shape as [number, number, number];
    const level = { feature, stride, rows, columns, first: count, refined: isDetector(backbone) };
    count += rows * columns;
    return level;
  });
  if (new Set(levels.map(({ feature }) => feature.tensor)).size < levels.length) throw noPyramid(backbone);
  const cells = { levels, count, x: new Float32Array(count), y: new Float32Array(count), stride: new Float32Array(count) };
  for (const { stride, rows, columns, first } of levels) {
    for (let i = 0; i < rows * columns; i++) {
      cells.x[first + i] = ((i % columns) + 0.5) * stride;
      cells.y[first + i] = (Math.floor(i / columns) + 0.5) * stride;
      cells.stride[first + i] = stride;
    }
  }
  return cells;
}

function noPyramid({ architecture, features }: Backbone): HeadstartError {
  const maps = features.filter(({ kind }) => kind === 'map').map(({ name, stride }) => `${name} (stride ${stride ?? 'unknown'})`);
  return new HeadstartError({
    code: 'not-supported',
    message: `${architecture} does not offer feature maps of the strides ${STRIDES.join(', ')} all at once, which detection needs; its maps are ${maps.join(', ') || 'none'}.`,
    hint: 'Choose a source for detection, such as nanodet-coco, or name three maps of a TensorFlow.js model: tfjs:<path>#features=<name>,<name>,<name>.',
  });
}
