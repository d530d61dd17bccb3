import { basename } from 'node:path';
import { CocoEvaluator } from '../metrics/coco-evaluator.ts';
import { DetectionConfusion } from '../metrics/confusion-matrix.ts';
import { detectionsIn, inOrderOfIds, objectsIn, readScored } from '../metrics/score-files.ts';
import { reportPage } from './report-page.ts';

/**
 * The page of how good any detector's output is; both files are as for `scoreFiles`.
 *
 * @returns HTML
 * @throws HeadstartError as `scoreFiles`
 */
export async function reportOfFiles(truthPath: string, predictionsPath: string): Promise<string> {
  const { truth, boxes } = await readScored(truthPath, predictionsPath);
  const labels = truth.categories.map(({ name }) => name);
  const [coco, confusion] = [new CocoEvaluator(labels.length), new DetectionConfusion(labels.length)];
  for (const picture of inOrderOfIds(truth)) {
    const [objects, detections] = [objectsIn(truth, picture), detectionsIn(boxes, picture)];
    coco.add(objects, detections);
    confusion.add(objects, detections);
  }
  return reportPage({ coco, confusion, labels }, `${basename(predictionsPath)} on ${basename(truthPath)}`);
}
