import type { Evaluator } from '@headstart/core';

/** A label is given where its probability reaches this. */
export const THRESHOLD = 0.5;

/** One row of probabilities a text: σ of each logit. */
export function probabilityRows(logits: Float32Array, labels: number): Float32Array[] {
  return Array.from({ length: logits.length / labels }, (_, row) =>
    logits.subarray(row * labels, (row + 1) * labels).map((z) => 1 / (1 + Math.exp(-z))),
  );
}

/**
 * Gathers a split for a task in which samples have none, one or several labels. Reports `exactMatch` (the
 * share of samples whose labels are all right), `microF1` over all decisions, `macroF1` as the mean of the
 * labels' F1, and `hamming`, the share of right decisions. Precision, recall and F1 without a case are 0.
 */
export function multiLabelEvaluator(labels: readonly string[], names: { readonly logits: string; readonly truth: string }): Evaluator {
  const right = labels.map(() => ({ both: 0, given: 0, true: 0 }));
  const count = { samples: 0, exact: 0, decisions: 0 };
  return {
    async add(outputs, targets) {
      const [scores, truth] = await Promise.all([outputs[names.logits]!.data<'float32'>(), targets[names.truth]!.data<'float32'>()]);
      probabilityRows(scores, labels.length).forEach((row, sample) => {
        let wrong = 0;
        row.forEach((probability, index) => {
          const given = probability >= THRESHOLD;
          const isTrue = truth[sample * labels.length + index] === 1;
          const tally = right[index]!;
          if (given) tally.given++;
          if (isTrue) tally.true++;
          if (given && isTrue) tally.both++;
          if (given !== isTrue) wrong++;
        });
        count.samples++;
        count.decisions += labels.length - wrong;
        if (wrong === 0) count.exact++;
      });
    },
    report() {
      const perClass = right.map((tally, index) => ({
        label: labels[index]!,
        support: tally.true,
        precision: over(tally.both, tally.given),
        recall: over(tally.both, tally.true),
        f1: f1(tally),
      }));
      const all = right.reduce((sum, tally) => ({ both: sum.both + tally.both, given: sum.given + tally.given, true: sum.true + tally.true }));
      return {
        values: {
          exactMatch: over(count.exact, count.samples),
          microF1: f1(all),
          macroF1: perClass.reduce((sum, { f1: value }) => sum + value, 0) / labels.length,
          hamming: over(count.decisions, count.samples * labels.length),
        },
        details: { perClass },
      };
    },
  };
}

/** `2 both / (given + true)`: the harmonic mean of precision and recall. */
function f1(tally: { both: number; given: number; true: number }): number {
  return over(2 * tally.both, tally.given + tally.true);
}

function over(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
