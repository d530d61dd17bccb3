import { basename, join } from 'node:path';
import { HeadstartError } from '@headstart/core';
import { detectionsIn, objectsIn, readScored } from '../metrics/score-files.ts';
import { pictureFolder } from '../readers/coco-files.ts';
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
  const folder = await pictureFolder({ path: truthPath }, truth.images[0]!.file);
  const pictures = truth.images.map(({ id, file, width, height }, place) => {
    if (width === undefined || height === undefined) {
      throw new HeadstartError({
        code: 'target-unreadable',
        message: `${truthPath}: image ${id} (${file}) has no size.`,
        hint: 'Give its width and height in pixels.',
      });
    }
    const image = { kind: 'file', path: join(folder, file) } as const;
    return {
      sample: { id: file, digest: '', image, width, height, objects: objectsIn(truth, place) },
      detections: detectionsIn(boxes, place),
    };
  });
  const labels = truth.categories.map(({ name }) => name);
  return mistakePage(pictures, labels, { title: `Worst mistakes of ${basename(predictionsPath)}` });
}
