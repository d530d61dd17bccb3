import type { Backbone, Tensors } from '@headstart/core/network';
import { cast, slice, squeeze, type Tensor } from '@tensorflow/tfjs-core';
import { asConstant } from '@headstart/core/network';
import type { DenseTargets } from '../losses/detection-loss.ts';
import { denseTargets, objectTargets, type CellTargets } from './cell-targets.ts';
import type { ObjectTensors, Predicted } from './matching.ts';
import { assignCheapest } from './sim-ota.ts';
import { assignAligned } from './task-aligned.ts';

/** How cells get their objects. */
export interface CellAssignment {
  /** What the encoder gives of a picture's objects. */
  targets(backbone: Backbone): CellTargets;
  /** What each cell is to learn, given what the head predicts at present. Called inside the step. */
  resolve(outputs: Tensors, targets: Tensors): DenseTargets;
}

const adaptive: CellAssignment = {
  targets: denseTargets,
  resolve: (_outputs, targets) => ({ labels: targets['labels']!, ltrb: targets['ltrb']! }),
};

/** An assignment that depends on predictions, from what it packs into `[batch, cells, 5 or 6]`. */
function dynamic(assign: (predicted: Predicted, targets: ObjectTensors) => Tensor): CellAssignment {
  return {
    targets: objectTargets,
    resolve(outputs, targets) {
      const [logits, xyxy] = [outputs['logits']!, outputs['xyxy']!];
      const packed = asConstant(() =>
        assign({ logits, xyxy }, { objects: targets['objects']!, cells: targets['cells']! }),
      );
      const column = (from: number, count: number) =>
        slice(packed, [0, 0, from], [packed.shape[0], packed.shape[1]!, count]);
      const labels = cast(squeeze(column(0, 1), [2]), 'int32');
      return { labels, ltrb: column(1, 4), ...(packed.shape[2] === 6 && { quality: squeeze(column(5, 1), [2]) }) };
    },
  };
}

/** By name: `adaptive` (ATSS) on the host, from boxes alone; the others within the step, from predictions. */
export const ASSIGNMENTS = {
  adaptive,
  'task-aligned': dynamic(assignAligned),
  'sim-ota': dynamic(assignCheapest),
} satisfies Record<string, CellAssignment>;
