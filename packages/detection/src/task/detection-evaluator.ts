import type { Evaluator, EvaluatorOptions, MetricReport } from '@headstart/core/metrics';
import type { Tensors } from '@headstart/core/network';
import type { DetectionSample } from '../data/detection-sample.ts';
import { mistakePage, type JudgedPicture } from '../draw/mistake-page.ts';
import { BACKGROUND, reportPage } from '../draw/report-page.ts';
import { CocoEvaluator } from '../metrics/coco-evaluator.ts';
import { COCO_METRICS } from '../metrics/coco-metrics.ts';
import { defined, detectionNumbers } from '../metrics/detection-numbers.ts';
import { JudgedPictures } from '../metrics/judged-pictures.ts';
import { DetectionConfusion } from '../metrics/confusion-matrix.ts';
import { findBoxes, type FindOptions } from './find-boxes.ts';
import { truthOf } from './truth.ts';
import type { Frame } from '@headstart/core/images';

/** COCO's evaluator looks at 100 boxes per picture and class; what scores below 0.05 hardly moves its numbers. */
const LEAST_SCORE = 0.05;
const ENDLESS = { width: Infinity, height: Infinity };

/**
 * COCO's twelve numbers over a split, and each class's. Those that are undefined (no object of that size) are left out.
 * See `detectionNumbers` for what is reported where classes of the source were retained.
 *
 * The report's details are the table `perClass`, and the `confusionMatrix` (a row is what there was, a column what
 * was found there) of the classes and, last, the background. It writes both pages.
 *
 * @param shown how a prediction finds boxes: what confusions and mistakes are of. COCO's numbers are of lower scores, too.
 */
export function detectionEvaluator(
  labels: readonly string[],
  { retainedClasses }: EvaluatorOptions,
  shown: FindOptions,
): Evaluator {
  const coco = new CocoEvaluator(labels.length);
  const confusion = new DetectionConfusion(labels.length, shown.threshold);
  const evaluated = { ...shown, threshold: Math.min(LEAST_SCORE, shown.threshold) };
  const judged: JudgedPicture[] = [];
  const gathered = new JudgedPictures();
  return {
    async add(outputs, targets, encoded) {
      const [logits, xyxy, truth, frames] = await Promise.all([
        read(outputs, 'logits'),
        read(outputs, 'xyxy'),
        read(targets, 'truth'),
        read(targets, 'frame'),
      ]);
      const size = targets['frame']!.shape[0];
      const row = (values: Float32Array, i: number) =>
        values.subarray((i * values.length) / size, ((i + 1) * values.length) / size);
      for (let i = 0; i < size; i++) {
        const objects = truthOf(row(truth, i));
        const found = findBoxes(row(logits, i), row(xyxy, i), frameFrom(row(frames, i)), ENDLESS, evaluated);
        coco.add(objects, found);
        confusion.add(objects, found);
        gathered.add(objects, found);
        if (encoded)
          judged.push({
            sample: encoded.samples[i] as DetectionSample,
            detections: found.filter(({ score }) => score >= shown.threshold),
          });
      }
    },
    reports: COCO_METRICS,
    evidence: () => ({
      kind: 'detections',
      evidence: {
        labels,
        threshold: shown.threshold,
        retained: retainedClasses,
        get pictures() {
          return gathered.all();
        },
      },
    }),
    report(): MetricReport {
      const values = detectionNumbers(coco, { labels, retained: retainedClasses });
      const perClass = coco
        .perClass()
        .map(({ objects, ...numbers }, i) => ({ label: labels[i]!, objects, ...defined(numbers) }));
      return {
        values,
        details: { perClass, confusionMatrix: confusion.counts, confusionLabels: [...labels, BACKGROUND] },
      };
    },
    pages: {
      report: async (title) => reportPage({ coco, confusion, labels }, title),
      mistakes: (title) =>
        mistakePage(judged, labels, { title: `Worst mistakes of ${title}`, threshold: shown.threshold }),
    },
  };
}

function read(tensors: Tensors, name: string): Promise<Float32Array> {
  return tensors[name]!.data<'float32'>();
}

function frameFrom([across, down, left, top]: Float32Array): Frame {
  return { across: across!, down: down!, left: left!, top: top!, width: 0, height: 0 };
}
