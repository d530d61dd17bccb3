import type { Frame } from '@headstart/core/images';
import { findBoxes, type FindOptions } from '../task/find-boxes.ts';

interface Values {
  readonly data: Float32Array;
}

/** `output` of headstart.json: the network's `logits` and `xyxy`, and which boxes are reported. */
interface BoxesOutput extends FindOptions {
  readonly tensors: readonly [logits: string, xyxy: string];
}

/** Boxes in pixels of the picture, as the task decodes them in Node; see `OpenOutput` of predict.d.ts. */
export default function openBoxes({ settings, labels }: { settings: BoxesOutput; labels: readonly string[] }) {
  const [logits, xyxy] = settings.tensors;
  return (
    outputs: Readonly<Record<string, Values>>,
    { picture: { width, height, frame } }: { picture: { width: number; height: number; frame: Frame } },
  ) => {
    const found = findBoxes(outputs[logits]!.data, outputs[xyxy]!.data, frame, { width, height }, settings);
    return { objects: found.map(({ label, score, box }) => ({ label: labels[label]!, score, box })), width, height };
  };
}
