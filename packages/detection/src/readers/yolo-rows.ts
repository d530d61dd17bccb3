import { HeadstartError, type ReadOptions } from '@headstart/core';
import { mapBounded } from '@headstart/core/images';
import { BoxTable } from './box-table.ts';
import { PoseEvidence } from './pose-rows.ts';
import { readYoloLabels, type RowKind } from './yolo-labels.ts';
import { idFrom } from './yolo-places.ts';
import type { YoloSet } from './yolo-set.ts';

/** Label files read at once. */
const PARALLEL = 32;

/** The rows of a set's label files: boxes by the place of their picture. */
export interface YoloRows {
  readonly boxes: BoxTable;
  /** Rows whose box is that around an outline. */
  readonly outlines: ReadonlySet<number>;
  /** What those rows say of themselves. */
  readonly pose: PoseEvidence;
  /** Each picture's label file. */
  readonly files: readonly (string | undefined)[];
  /** What is wrong with a picture's label file, where pictures with such are left out. */
  readonly faults: ReadonlyMap<number, HeadstartError>;
}

/**
 * Reads the label files of a set's pictures. With `skipBad` faulty rows are kept as their picture's fault.
 * @throws HeadstartError `sample-unreadable`, `label-invalid`, `target-unreadable` for a file that is two pictures'
 */
export async function readYoloRows(
  { pictures, labels, root }: YoloSet,
  kind: RowKind,
  { skipBad }: ReadOptions,
): Promise<YoloRows> {
  const boxes = new BoxTable();
  const outlines = new Set<number>();
  const pose = new PoseEvidence();
  const files = await mapBounded(pictures, PARALLEL, async ({ path, missing }) =>
    missing === undefined ? labels.find(path) : undefined,
  );
  const faults = new Map<number, HeadstartError>();
  for (let start = 0; start < pictures.length; start += PARALLEL) {
    const batch = files.slice(start, start + PARALLEL);
    const read = await mapBounded(batch, PARALLEL, async (file, i) => {
      if (file === undefined) return [];
      const other = labels.claim(file, pictures[start + i]!.path);
      if (other !== undefined) throw twoPictures(root, file, [other, pictures[start + i]!.path]);
      return readYoloLabels(file, kind).catch((cause: unknown) => {
        if (!skipBad || !HeadstartError.is(cause) || cause.code !== 'sample-unreadable') throw cause;
        faults.set(start + i, cause);
        return [];
      });
    });
    for (const [i, objects] of read.entries()) {
      for (const { label, box, outline, line } of objects) {
        if (outline) {
          outlines.add(boxes.length);
          pose.add(outline, `${idFrom(root, batch[i]!)}, line ${line}`);
        }
        boxes.add({ picture: start + i, category: label, box, number: line });
      }
    }
  }
  return { boxes, outlines, pose, files, faults };
}

function twoPictures(root: string, file: string, pictures: readonly string[]): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${file} could have the boxes of ${pictures.map((picture) => idFrom(root, picture)).join(' and of ')}.`,
    hint: 'Lay label files out as the pictures are: labels/train/1.txt for images/train/1.jpg.',
  });
}
