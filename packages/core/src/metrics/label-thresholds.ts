import { LABEL_THRESHOLD } from './given-labels.ts';
import type { MultiLabelEvidence } from './metric.ts';

/**
 * For each label the threshold at which its F1 on this evidence is best (Lipton et al., 2014, "Optimal thresholding of
 * classifiers to maximize F1 measure"): half way between two probabilities that samples have; of those as good, the one
 * nearest to one half, which stays where the label is carried by none or by all samples.
 */
export function bestThresholds({ labels, probabilities, truth }: MultiLabelEvidence): number[] {
  const width = labels.length;
  const samples = truth.length / width;
  return labels.map((_, label) => {
    const scored = Array.from({ length: samples }, (_row, i) => ({
      probability: probabilities[i * width + label]!,
      carried: truth[i * width + label]! > 0,
    })).sort((a, b) => b.probability - a.probability);
    return bestThreshold(scored);
  });
}

/** @param scored the likeliest first */
function bestThreshold(scored: readonly { readonly probability: number; readonly carried: boolean }[]): number {
  const carried = scored.filter((sample) => sample.carried).length;
  if (carried === 0 || carried === scored.length) return LABEL_THRESHOLD;
  let best = { f1: 0, threshold: LABEL_THRESHOLD };
  let hits = 0;
  scored.forEach(({ probability, carried: own }, i) => {
    if (own) hits++;
    const next = scored[i + 1]?.probability ?? 0;
    if (next === probability) return;
    const f1 = (2 * hits) / (i + 1 + carried);
    const threshold = between(next, probability);
    const nearer = Math.abs(threshold - LABEL_THRESHOLD) < Math.abs(best.threshold - LABEL_THRESHOLD);
    if (f1 > best.f1 || (f1 === best.f1 && nearer)) best = { f1, threshold };
  });
  return best.threshold;
}

/** One half where it lies between two probabilities, else the middle. */
function between(low: number, high: number): number {
  return low < LABEL_THRESHOLD && LABEL_THRESHOLD <= high ? LABEL_THRESHOLD : (low + high) / 2;
}
