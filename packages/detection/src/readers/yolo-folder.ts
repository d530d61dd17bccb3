import { basename } from 'node:path';
import type { Reader } from '@headstart/core';
import type { DetectionSample } from '../data/detection-sample.ts';
import type { WrittenObject } from './check-objects.ts';
import { checkOncePerSplit } from './check-set.ts';
import { readPictures, type ListedPicture } from './read-pictures.ts';
import { leavesOutUnannotated } from './unannotated.ts';
import { YOLO_FORM } from './yolo-labels.ts';
import { idFrom } from './yolo-places.ts';
import { rowOptions } from './yolo-options.ts';
import { checkLabelled, namesOf, withoutFile, withoutPicture } from './yolo-remarks.ts';
import { readYoloRows, type YoloRows } from './yolo-rows.ts';
import { findYoloSet, isYoloSet, type YoloSet } from './yolo-set.ts';
import { enteringWrappers } from './wrapper-folder.ts';

/**
 * A folder as YOLO's trainers take it: a `data.yaml` that names the classes and where the pictures of
 * each split are, and for each picture a text file, see `LabelFiles`. Darknet's `obj.data` serves as well, and so do
 * pictures with label files alone, with their classes in `classes.txt`. A picture without a text file, or
 * with an empty one, is a negative. Reader options: `boxes`, see `boxFormOf`; `names=cup,dog` for classes that nothing
 * names; `keypoints=17x3` for rows with keypoints, `keypoints=none` for outlines that look like some; `unannotated=leave-out` for pictures without a text file.
 */
export const yoloFolder: Reader<DetectionSample> = enteringWrappers({
  id: 'yolo-folder',
  modality: 'image',
  description: 'A YOLO data set: data.yaml (or classes.txt), pictures in images/ and their boxes in labels/',
  task: 'object-detection',

  async detect(path) {
    return (await isYoloSet(path).catch(() => false)) ? 0.9 : 0;
  },

  async read(path, options) {
    const set = await findYoloSet(path);
    const { names: given, keypoints: asked } = rowOptions(options.options);
    const keypoints = (asked ?? set.keypoints) || undefined;
    const names = given ?? set.names;
    const named = given ? 'the reader option names' : (set.named ?? '');
    const rows = await readYoloRows(
      set,
      { ...(names && { classes: { count: names.length, named } }), keypoints },
      options,
    );
    const pose = asked === undefined ? rows.pose : undefined;
    const fault = pose?.refusal(path);
    if (fault) throw fault;
    await checkLabelled(path, set, rows);
    const labels = namesOf(path, names, rows);
    const leaveOut = leavesOutUnannotated(options.options);
    const listed = listPictures(set, rows).filter((_, i) => !leaveOut || rows.files[i]);
    checkOncePerSplit(listed, { sameInSplits: set.warnings.length > 0 });
    const { samples, skipped, warnings } = await readPictures(path, listed, options, YOLO_FORM);
    return {
      id: basename(set.root),
      modality: 'image',
      reader: 'yolo-folder',
      labels,
      samples,
      skipped,
      notes: {
        passedOver: set.passedOver,
        warnings: [
          ...set.warnings,
          ...warnings,
          ...(pose?.warning() ? [pose.warning()!] : []),
          ...(leaveOut ? [] : withoutFile(set, rows)),
          ...(await withoutPicture(set)),
        ],
      },
    };
  },
});

function listPictures({ pictures, root }: YoloSet, rows: YoloRows): ListedPicture[] {
  return pictures.map(({ path, split, missing }, i) => ({
    id: idFrom(root, path),
    path,
    split,
    missing,
    objects: () => objectsOf(rows, i),
  }));
}

function objectsOf({ boxes, outlines, files, faults }: YoloRows, picture: number): WrittenObject[] {
  const fault = faults.get(picture);
  if (fault) throw fault;
  return Array.from(boxes.rowsOf(picture), (row) => {
    const line = boxes.number(row);
    return {
      box: boxes.box(row),
      ...(outlines.has(row) && { form: YOLO_FORM }),
      label: boxes.category(row),
      crowd: false,
      id: line,
      place: `${files[picture]}, line ${line}`,
    };
  });
}
