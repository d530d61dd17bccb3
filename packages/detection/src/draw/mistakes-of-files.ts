import { basename, dirname } from 'node:path';
import { HeadstartError } from '@headstart/core';
import { detectionsIn, objectsIn, readScored } from '../metrics/score-files.ts';
import { findPictures } from '../readers/coco-pictures.ts';
import { missingPicture } from '../readers/read-pictures.ts';
import { mistakePage } from './mistake-page.ts';

/**
 * The page of the worst mistakes of any detector's output; both files are as for `scoreFiles`, and the
 * pictures lie where a COCO set has them.
 *
 * @returns HTML
 * @throws HeadstartError as `scoreFiles`, and `sample-unreadable`; `target-unreadable` for a picture without a size
 */
export async function mistakesOfFiles(truthPath: string, predictionsPath: string): Promise<string> {
  const { truth, boxes } = await readScored(truthPath, predictionsPath);
  const found = await findPictures(dirname(truthPath), { path: truthPath }, truth);
  const pictures = truth.images.map(({ id, file, width, height }, place) => {
    if (width === undefined || height === undefined) {
      throw new HeadstartError({
        code: 'target-unreadable',
        message: `${truthPath}: image ${id} (${file}) has no size.`,
        hint: 'Give its width and height in pixels.',
      });
    }
    const { path, missing } = found[place]!;
    if (missing !== undefined) throw missingPicture(missing);
    const image = { kind: 'file', path } as const;
    return {
      sample: { id: file, digest: '', image, width, height, objects: objectsIn(truth, place) },
      detections: detectionsIn(boxes, place),
    };
  });
  const labels = truth.categories.map(({ name }) => name);
  return mistakePage(pictures, labels, { title: `Worst mistakes of ${basename(predictionsPath)}` });
}
