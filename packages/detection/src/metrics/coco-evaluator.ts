import type { Resampled } from '@headstart/core/metrics';
import type { Detection } from '../data/detection.ts';
import { averagePrecision, summarise, type CocoMetrics } from './coco-metrics.ts';
import { AREA_RANGES, MAX_DETECTIONS } from './coco-settings.ts';
import { matchImage, type TrueObject } from './match-image.ts';
import { curveOf, finalRecall, type PrecisionCurve, type RankedMatches } from './precision-curve.ts';
import { resampledPrecision, type ClassRanking } from './resampled-precision.ts';

const MOST = MAX_DETECTIONS[MAX_DETECTIONS.length - 1]!;

/** An object with its class. */
export interface LabelledTruth extends TrueObject {
  readonly label: number;
}

/** One class's numbers; -1 where the class has no object of the kind. */
export interface ClassPrecision {
  readonly AP: number;
  readonly AP50: number;
  readonly AP75: number;
  /** Objects that are to be found, crowds apart. */
  readonly objects: number;
}

/**
 * COCO's box metrics over pictures that come one after another. What is kept of a picture is about 30
 * bytes per detection, of which 100 per class count.
 *
 * The numbers equal those of pycocotools 2 (COCOeval with `iouType` "bbox" and its defaults) where
 * pictures are added in the order of their ids; the order matters for equal scores only. One thing is
 * put right: pycocotools takes an annotation with the id 0 for one that was never found.
 */
export class CocoEvaluator {
  readonly #classes: ClassMatches[];
  #pictures = 0;

  constructor(classes: number) {
    this.#classes = Array.from({ length: classes }, () => new ClassMatches());
  }

  /** Adds a picture: what is in it and what was found. */
  add(objects: readonly LabelledTruth[], detections: readonly Detection[]): void {
    const pairs = new Map<number, { objects: LabelledTruth[]; detections: Detection[] }>();
    const pairOf = (label: number) => {
      let pair = pairs.get(label);
      if (!pair) pairs.set(label, (pair = { objects: [], detections: [] }));
      return pair;
    };
    const picture = this.#pictures++;
    for (const object of objects) pairOf(object.label).objects.push(object);
    for (const detection of detections) pairOf(detection.label).detections.push(detection);
    for (const [label, pair] of pairs) {
      const best = pair.detections.sort((a, b) => b.score - a.score).slice(0, MOST);
      this.#class(label).add(pair.objects, best, picture);
    }
  }

  /** The twelve numbers over all classes, or over some. */
  metrics(labels?: readonly number[]): CocoMetrics {
    const classes = labels?.map((label) => this.#class(label)) ?? this.#classes;
    return summarise(classes.map((matches) => matches.evaluation));
  }

  /**
   * The mean precision over all classes with objects of any area, where picture i was added so often.
   * @param thresholds places of overlaps among the ten; all of them where absent
   */
  resampledPrecision(thresholds?: readonly number[]): Resampled {
    return resampledPrecision(
      this.#classes.map((matches) => matches.ranking),
      thresholds,
    );
  }

  /** Numbers of each class, in the order of the labels. */
  perClass(): ClassPrecision[] {
    return this.#classes.map(({ evaluation: { curves }, wanted }) => ({
      AP: averagePrecision(curves[0]),
      AP50: averagePrecision(curves[0], [0]),
      AP75: averagePrecision(curves[0], [5]),
      objects: wanted[0]!,
    }));
  }

  /**
   * A class's precision at the recalls 0, 0.01, …, 1, at each of the ten overlaps, objects of any area;
   * undefined where the class has no object.
   */
  curves(label: number): readonly PrecisionCurve[] | undefined {
    return this.#class(label).evaluation.curves[0];
  }

  #class(label: number): ClassMatches {
    const matches = this.#classes[label];
    if (!matches) throw new RangeError(`The label ${label} is not one of the ${this.#classes.length} classes.`);
    return matches;
  }
}

/** A class's curves a threshold, and recalls a threshold, for each area range; undefined without objects. */
export interface ClassEvaluation {
  readonly curves: readonly (readonly PrecisionCurve[] | undefined)[];
  /** `[area range][limit of detections]`: recall a threshold. */
  readonly recalls: readonly (readonly (Float64Array | undefined)[])[];
}

/** All that is kept of one class. */
class ClassMatches {
  readonly wanted = AREA_RANGES.map(() => 0);
  /** Of each picture with such objects: its number, and how many of any area are to be found in it. */
  readonly #wantedIn: [picture: number, wanted: number][] = [];
  /** The picture of each detection. */
  readonly #pictures: number[] = [];
  readonly #scores: number[] = [];
  readonly #ranks: number[] = [];
  readonly #found: number[][] = AREA_RANGES.map(() => []);
  readonly #passedOver: number[][] = AREA_RANGES.map(() => []);
  #evaluation: ClassEvaluation | undefined;
  #order: Uint32Array | undefined;

  add(objects: readonly TrueObject[], detections: readonly Detection[], picture: number): void {
    this.#evaluation = undefined;
    this.#order = undefined;
    detections.forEach(({ score }, rank) => {
      this.#pictures.push(picture);
      this.#scores.push(score);
      this.#ranks.push(rank);
    });
    matchImage(
      objects,
      detections.map(({ box }) => box),
    ).forEach(({ wanted, found, passedOver }, area) => {
      this.wanted[area]! += wanted;
      if (area === 0 && wanted > 0) this.#wantedIn.push([picture, wanted]);
      for (const bits of found) this.#found[area]!.push(bits);
      for (const bits of passedOver) this.#passedOver[area]!.push(bits);
    });
  }

  get evaluation(): ClassEvaluation {
    return (this.#evaluation ??= this.#evaluate());
  }

  get ranking(): ClassRanking {
    const order = (this.#order ??= this.#ranked());
    return {
      pictures: Int32Array.from(order, (i) => this.#pictures[i]!),
      found: Uint16Array.from(order, (i) => this.#found[0]![i]!),
      passedOver: Uint16Array.from(order, (i) => this.#passedOver[0]![i]!),
      wanted: this.#wantedIn,
    };
  }

  /** Detections by falling score, the earlier first among equals. */
  #ranked(): Uint32Array {
    return Uint32Array.from(this.#scores, (_, i) => i).sort((a, b) => this.#scores[b]! - this.#scores[a]! || a - b);
  }

  #evaluate(): ClassEvaluation {
    const order = (this.#order ??= this.#ranked());
    const limited = MAX_DETECTIONS.map((limit) => order.filter((i) => this.#ranks[i]! < limit));
    const ranked = (area: number, limit: number): RankedMatches => ({
      wanted: this.wanted[area]!,
      order: limited[limit]!,
      scores: this.#scores,
      found: this.#found[area]!,
      passedOver: this.#passedOver[area]!,
    });
    return {
      curves: AREA_RANGES.map((_, area) => curveOf(ranked(area, MAX_DETECTIONS.length - 1))),
      recalls: AREA_RANGES.map((_, area) => MAX_DETECTIONS.map((_, limit) => finalRecall(ranked(area, limit)))),
    };
  }
}
