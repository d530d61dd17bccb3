import type { ClassEvaluation } from './coco-evaluator.ts';
import type { PrecisionCurve } from './precision-curve.ts';

/** COCO's names of its twelve numbers, in the order in which its evaluator prints them. */
export const COCO_METRICS = [
  'AP',
  'AP50',
  'AP75',
  'APsmall',
  'APmedium',
  'APlarge',
  'AR1',
  'AR10',
  'AR100',
  'ARsmall',
  'ARmedium',
  'ARlarge',
] as const;

/**
 * Average precision (AP) and average recall (AR), 0 to 1, means over classes and the overlaps 0.50 to
 * 0.95; AP50 and AP75 at one overlap, AR1 and AR10 with that many detections per class and picture, 100
 * elsewhere. As COCO has it, -1 says that a number is undefined: no object has that size.
 *
 * Lin et al. (2014), "Microsoft COCO: Common objects in context"; cocodataset.org/#detection-eval.
 */
export type CocoMetrics = Readonly<Record<(typeof COCO_METRICS)[number], number>>;

/** The twelve numbers of classes that were evaluated apart. */
export function summarise(classes: readonly ClassEvaluation[]): CocoMetrics {
  const precision = (area: number, thresholds?: readonly number[]) =>
    meanOf(
      classes.map(({ curves }) => curves[area]),
      (curves) => averagePrecision(curves, thresholds),
    );
  const recall = (area: number, limit: number) =>
    meanOf(
      classes.map(({ recalls }) => recalls[area]![limit]),
      (values) => mean(values),
    );
  return {
    AP: precision(0),
    AP50: precision(0, [0]),
    AP75: precision(0, [5]),
    APsmall: precision(1),
    APmedium: precision(2),
    APlarge: precision(3),
    AR1: recall(0, 0),
    AR10: recall(0, 1),
    AR100: recall(0, 2),
    ARsmall: recall(1, 2),
    ARmedium: recall(2, 2),
    ARlarge: recall(3, 2),
  };
}

/** The mean precision of a class's curves, of all or of some thresholds; -1 where it has none. */
export function averagePrecision(
  curves: readonly PrecisionCurve[] | undefined,
  thresholds?: readonly number[],
): number {
  if (!curves) return -1;
  return mean((thresholds?.map((index) => curves[index]!) ?? curves).map(({ precision }) => mean(precision)));
}

/** The mean over the classes that have something to find; -1 where none has. */
function meanOf<T>(classes: readonly (T | undefined)[], value: (present: T) => number): number {
  const present = classes.filter((each) => each !== undefined);
  return present.length === 0 ? -1 : mean(present.map(value));
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
