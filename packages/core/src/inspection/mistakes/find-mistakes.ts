import type { ClassificationEvidence, Evidence, MultiLabelEvidence } from '../../metrics/metric.ts';
import { givenIn } from '../../metrics/multi-label-metrics.ts';
import { argmaxRows } from '../../metrics/softmax-rows.ts';

/** A sample that a model is wrong about. */
export interface Mistake {
  /** Its place among the samples that were judged. */
  readonly place: number;
  readonly truth: string;
  readonly prediction: string;
  /** The label that the model is most wrong about: the one that it predicts, or the one that it is most wrong about among several. */
  readonly label: string;
  /** Its probability, and that of the true class where there is one. */
  readonly probability: number;
  readonly ofTruth?: number;
  /** How wrong it is, from 0 to 1: what mistakes are sorted by. */
  readonly weight: number;
}

/** Every mistake, the worst first; undefined for evidence of another kind than classes and labels. */
export function findMistakes({ kind, evidence }: Evidence): Mistake[] | undefined {
  const found =
    kind === 'classification' ? ofClasses(evidence) : kind === 'multi-label' ? ofLabels(evidence) : undefined;
  return found?.sort((a, b) => b.weight - a.weight || a.place - b.place);
}

/** The surest of the wrong answers are the worst. */
function ofClasses({ labels, probabilities, truth }: ClassificationEvidence): Mistake[] {
  const width = labels.length;
  const predicted = argmaxRows(probabilities, width);
  return Array.from(truth).flatMap((own, place) => {
    const taken = predicted[place]!;
    if (taken === own) return [];
    const probability = probabilities[place * width + taken]!;
    const label = labels[taken]!;
    const ofTruth = probabilities[place * width + own]!;
    return [{ place, truth: labels[own]!, prediction: label, label, probability, ofTruth, weight: probability }];
  });
}

/** The worst are those with a label whose probability is furthest from the truth. */
function ofLabels(evidence: MultiLabelEvidence): Mistake[] {
  const { labels, probabilities, truth } = evidence;
  const width = labels.length;
  const isGiven = givenIn(evidence);
  const named = (place: number, has: (at: number) => boolean) =>
    labels.filter((_, label) => has(place * width + label)).join(', ') || 'none';
  return Array.from({ length: width === 0 ? 0 : truth.length / width }, (_, place) => {
    const wrong = [...labels.keys()].filter(
      (label) => isGiven(place * width + label) !== truth[place * width + label]! > 0,
    );
    const distance = (label: number) => Math.abs(probabilities[place * width + label]! - truth[place * width + label]!);
    const worst = wrong.reduce<number | undefined>(
      (best, label) => (best === undefined || distance(label) > distance(best) ? label : best),
      undefined,
    );
    if (worst === undefined) return [];
    return [
      {
        place,
        truth: named(place, (at) => truth[at]! > 0),
        prediction: named(place, isGiven),
        label: labels[worst]!,
        probability: probabilities[place * width + worst]!,
        weight: distance(worst),
      },
    ];
  }).flat();
}
