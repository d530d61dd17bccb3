import { HeadstartError, type SplitName } from '@headstart/core';
import type { DataWarning } from '@headstart/core/readers';
import { unannotatedWarning } from './unannotated.ts';
import { idFrom } from './yolo-places.ts';
import type { YoloRows } from './yolo-rows.ts';
import type { YoloSet } from './yolo-set.ts';

const MOST_NAMED = 10;

/** @throws HeadstartError `target-empty` where there is no box, or no picture to train on has a label file */
export async function checkLabelled(path: string, { pictures, labels, root }: YoloSet, rows: YoloRows): Promise<void> {
  const forTraining = (split: SplitName | undefined) => split === undefined || split === 'train';
  const train = pictures.filter(({ split }) => forTraining(split));
  const untold = pictures.filter((_, i) => rows.files[i] === undefined);
  const none = train.length > 0 && untold.filter(({ split }) => forTraining(split)).length === train.length;
  if (!none && (rows.boxes.length > 0 || rows.faults.size > 0)) return;
  const what = none && train.length < pictures.length ? `${train.length} pictures to train on` : 'pictures';
  const told = pictures.length - untold.length;
  const example =
    untold[0] && `for ${idFrom(root, untold[0].path)} it was looked for at ${await labels.looked(untold[0].path)}`;
  throw new HeadstartError({
    code: 'target-empty',
    message: `${path} has ${what} but no boxes in them: ${none ? 'none of them' : `${told} of ${pictures.length}`} has a label file${example ? `; ${example}` : ''}.`,
    hint: example
      ? 'Put the label files there, under the names of their pictures.'
      : 'Annotate objects in some of the pictures; those without any serve as negatives only.',
  });
}

/** That pictures have no label file. */
export function withoutFile({ pictures, root }: YoloSet, { files }: YoloRows): DataWarning[] {
  const untold = pictures.filter(({ missing }, i) => missing === undefined && files[i] === undefined);
  if (untold.length === 0) return [];
  return [
    unannotatedWarning(
      'pictures-without-label-file',
      `${untold.length} of ${pictures.length} pictures have no label file.`,
      untold.slice(0, MOST_NAMED).map(({ path }) => idFrom(root, path)),
    ),
  ];
}

/** That label files have no picture: it was not found, or its name differs. */
export async function withoutPicture({ labels, root }: YoloSet): Promise<DataWarning[]> {
  const unclaimed = await labels.unclaimed();
  if (unclaimed.length === 0) return [];
  return [
    {
      code: 'label-files-without-picture',
      message: `${unclaimed.length} label ${unclaimed.length === 1 ? 'file has' : 'files have'} no picture: they are not read.`,
      hint: 'Put their pictures back, give both the same name, or remove the label files.',
      samples: unclaimed.slice(0, MOST_NAMED).map((path) => idFrom(root, path)),
    },
  ];
}

/**
 * The class names of a set that has some.
 * @throws HeadstartError `label-invalid` for numbers that nothing names: nobody could tell what a model finds
 */
export function namesOf(path: string, names: readonly string[] | undefined, { boxes }: YoloRows): readonly string[] {
  if (names) return names;
  const classes = new Set<number>();
  for (let row = 0; row < boxes.length; row++) classes.add(boxes.category(row));
  const numbers = [...classes].sort((a, b) => a - b);
  throw new HeadstartError({
    code: 'label-invalid',
    message: `${path} has YOLO label files with the classes ${numbers.slice(0, MOST_NAMED).join(', ')}${numbers.length > MOST_NAMED ? ', …' : ''}, and no data.yaml or classes.txt that names them.`,
    hint: 'Write the names into a file classes.txt, one on each line from class 0 on, or give them: --reader-option names=cup,dog.',
  });
}
