/** `count` numbers evenly spaced from `from` to `to`, computed as NumPy's linspace does, so that ties fall alike. */
function evenly(from: number, to: number, count: number): Float64Array {
  const step = (to - from) / (count - 1);
  const values = Float64Array.from({ length: count }, (_, i) => i * step + from);
  values[count - 1] = to;
  return values;
}

/** The overlaps at which COCO calls a detection right: 0.50, 0.55, …, 0.95. */
export const IOU_THRESHOLDS: Float64Array = evenly(0.5, 0.95, 10);

/** The recalls at which COCO reads precision: 0, 0.01, …, 1. */
export const RECALL_THRESHOLDS: Float64Array = evenly(0, 1, 101);

/** Most detections of a class and picture that count, by score. */
export const MAX_DETECTIONS = [1, 10, 100] as const;

/** Square pixels, both ends included: an object of 32 x 32 is small and medium. */
export const AREA_RANGES = [
  { name: 'all', from: 0, to: 1e10 },
  { name: 'small', from: 0, to: 32 ** 2 },
  { name: 'medium', from: 32 ** 2, to: 96 ** 2 },
  { name: 'large', from: 96 ** 2, to: 1e10 },
] as const;

export type AreaRange = (typeof AREA_RANGES)[number];
