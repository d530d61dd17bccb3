import { areaOf, type Box } from '../boxes/box.ts';
import { iou } from '../boxes/iou.ts';
import { AREA_RANGES, IOU_THRESHOLDS, type AreaRange } from './coco-settings.ts';

/** What matching needs to know of an object. */
export interface TrueObject {
  readonly box: Box;
  readonly crowd: boolean;
  readonly area: number;
}

/** How one class's detections in one picture fared, for each area range. */
export interface AreaMatches {
  /** Objects that are to be found: no crowd, and an area within the range. */
  readonly wanted: number;
  /** A bit a threshold and detection: whether it found an object. */
  readonly found: Uint16Array;
  /** A bit a threshold and detection: whether it counts neither for nor against the detector. */
  readonly passedOver: Uint16Array;
}

/**
 * Matches one class's detections in one picture with its objects as COCO's evaluator does: at each
 * threshold, detections by falling score take the free object that they overlap most, an object that
 * counts before one that does not; among equals the later object wins. A crowd may be taken many times.
 * Detections without an object do not count where their own area is outside the range.
 *
 * @param detections boxes by falling score
 * @returns for each of `AREA_RANGES`
 */
export function matchImage(objects: readonly TrueObject[], detections: readonly Box[]): AreaMatches[] {
  const overlaps = detections.map((box) => objects.map((object) => iou(box, object.box, object.crowd)));
  return AREA_RANGES.map((range) => matchRange(objects, detections, overlaps, range));
}

const outside = (area: number, { from, to }: AreaRange) => area < from || area > to;

function matchRange(
  objects: readonly TrueObject[],
  detections: readonly Box[],
  overlaps: readonly number[][],
  range: AreaRange,
): AreaMatches {
  const counted: number[] = [];
  const ignored: number[] = [];
  objects.forEach(({ crowd, area }, index) => (crowd || outside(area, range) ? ignored : counted).push(index));
  const found = new Uint16Array(detections.length);
  const passedOver = new Uint16Array(detections.length);
  const others = detections.map((box) => outside(areaOf(box), range));
  for (let t = 0; t < IOU_THRESHOLDS.length; t++) {
    // Perfect overlap passes any threshold, whatever rounding made of it.
    const least = Math.min(IOU_THRESHOLDS[t]!, 1 - 1e-10);
    const taken = new Uint8Array(objects.length);
    for (let d = 0; d < detections.length; d++) {
      const free = (index: number) => taken[index] === 0 || objects[index]!.crowd;
      let object = largest(overlaps[d]!, counted, free, least);
      const ignore = object < 0;
      if (ignore) object = largest(overlaps[d]!, ignored, free, least);
      if (object >= 0) {
        taken[object] = 1;
        found[d]! |= 1 << t;
      }
      if (ignore && (object >= 0 || others[d])) passedOver[d]! |= 1 << t;
    }
  }
  return { wanted: counted.length, found, passedOver };
}

/** The last of the free candidates with the largest overlap of at least `least`; -1 where there is none. */
function largest(
  overlaps: readonly number[],
  candidates: readonly number[],
  free: (index: number) => boolean,
  least: number,
): number {
  let best = -1;
  for (const index of candidates) {
    if (overlaps[index]! < least || !free(index)) continue;
    least = overlaps[index]!;
    best = index;
  }
  return best;
}
