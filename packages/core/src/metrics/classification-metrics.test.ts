import { tensor1d, tensor2d, memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainBackend } from '../testing/plain-backend.ts';
import { classificationEvaluator, classificationReport } from './classification-evaluator.ts';
import { classScores, classTotals, macroF1Of } from './class-totals.ts';
import { confusionMatrix } from './confusion-matrix.ts';
import type { ClassificationEvidence } from './metric.ts';
import { expectedCalibrationError, hitsAmong, logLosses } from './probability-scores.ts';
import { argmaxRows, softmaxRows } from './softmax-rows.ts';

const SAMPLES = 60;
const CLASSES = 7;
const labels = Array.from({ length: CLASSES }, (_, i) => `class ${i}`);
/** Classes 1, 2 and 6 never occur, but are predicted. */
const truth = Int32Array.from({ length: SAMPLES }, (_, i) => (i * i + 3 * i) % CLASSES);
const logits = Float32Array.from({ length: SAMPLES * CLASSES }, (_, at) => {
  const i = Math.floor(at / CLASSES);
  const j = at % CLASSES;
  return 2 * Math.sin(1.3 * i + 0.7 * j + 0.11 * i * j) + (j === truth[i] && i % 3 !== 0 ? 1.5 : 0);
});
const evidence: ClassificationEvidence = { labels, probabilities: softmaxRows(logits, CLASSES), truth };

/**
 * From scikit-learn 1.9.1 on the same numbers: accuracy_score, top_k_accuracy_score, f1_score and
 * precision_recall_fscore_support (zero_division 0), balanced_accuracy_score, log_loss, matthews_corrcoef,
 * roc_auc_score of each class that occurs, averaged,
 * confusion_matrix; the calibration error from 15 bins in NumPy.
 */
const published = {
  accuracy: 0.38333333333333336,
  top5: 0.9166666666666666,
  macroF1: 0.25307060755336613,
  balancedAccuracy: 0.3634599673202614,
  rocAuc: 0.7225568606435997,
  mcc: 0.26873500840970804,
  nll: 1.7783869999500168,
  ece: 0.20599346632758778,
};
const perClass = {
  precision: [0.4166666666666667, 0, 0, 0.3333333333333333, 0.75, 0.7777777777777778, 0],
  recall: [0.29411764705882354, 0, 0, 0.2222222222222222, 0.5, 0.4375, 0],
  f1: [0.3448275862068966, 0, 0, 0.26666666666666666, 0.6, 0.56, 0],
  support: [17, 0, 0, 9, 18, 16, 0],
};
const matrix = [
  [5, 2, 2, 2, 3, 0, 3],
  [0, 0, 0, 0, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0],
  [2, 0, 0, 2, 0, 2, 3],
  [2, 2, 1, 2, 9, 0, 2],
  [3, 4, 1, 0, 0, 7, 1],
  [0, 0, 0, 0, 0, 0, 0],
];

/** Probabilities are 32-bit floats, good to about 1e-7 each. */
const TOLERANCE = 6;

describe('classification report', () => {
  const { values, details } = classificationReport(evidence);

  it('agrees with scikit-learn', () => {
    expect(Object.keys(values)).toEqual([
      'accuracy',
      'top5',
      'macroF1',
      'balancedAccuracy',
      'rocAuc',
      'mcc',
      'ece',
      'nll',
    ]);
    for (const [name, value] of Object.entries(published)) expect(values[name], name).toBeCloseTo(value, TOLERANCE);
  });

  it('has the table of classes and the confusion matrix', () => {
    expect(details?.['confusionMatrix']).toEqual(matrix);
    const rows = details?.['perClass'] as Record<string, number | string>[];
    for (const [name, column] of Object.entries(perClass)) {
      rows.forEach((row, i) => expect(row[name], `${name} of ${i}`).toBeCloseTo(column[i]!, 12));
    }
    expect(rows.map(({ label }) => label)).toEqual(labels);
  });

  it('has the pairs that were confused in place of a matrix of more than a thousand classes', () => {
    const classes = 1001;
    const names = Array.from({ length: classes }, (_, i) => `class ${i}`);
    const [own, taken] = [Int32Array.of(3, 3, 3, 1000, 7, 7), Int32Array.of(3, 9, 9, 0, 7, 1000)];
    const probabilities = new Float32Array(own.length * classes);
    taken.forEach((label, i) => (probabilities[i * classes + label] = 1));
    const { details: many } = classificationReport({ labels: names, probabilities, truth: own });
    expect(many).not.toHaveProperty('confusionMatrix');
    expect(many?.['confusions']).toEqual([
      { truth: 'class 3', predicted: 'class 9', count: 2 },
      { truth: 'class 7', predicted: 'class 1000', count: 1 },
      { truth: 'class 1000', predicted: 'class 0', count: 1 },
    ]);
  });

  it('leaves top-5 out where there are no more than five classes', () => {
    const small = { labels: ['a', 'b'], probabilities: Float32Array.of(0.75, 0.25), truth: Int32Array.of(0) };
    expect(classificationReport(small).values).toEqual({
      accuracy: 1,
      macroF1: 1,
      balancedAccuracy: 1,
      mcc: 0,
      ece: 0.25,
      nll: -Math.log(0.75),
    });
  });
});

describe('by hand', () => {
  it('takes the mean F1 over classes that occur or are predicted', () => {
    // Class 0: TP 1, FP 0, FN 1, F1 2/3. Class 1: TP 1, FP 1, FN 0, F1 2/3. Class 2 is nowhere.
    const [own, taken] = [Int32Array.of(0, 0, 1), Int32Array.of(0, 1, 1)];
    expect(confusionMatrix(own, taken, 3)).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    const totals = classTotals(own, taken, 3);
    expect(macroF1Of(totals)[0]).toBeCloseTo(2 / 3, 12);
    expect(classScores(totals)[2]).toEqual({ support: 0, predicted: 0, precision: 0, recall: 0, f1: 0 });
  });

  it('counts an impossible truth as probability 2^-23', () => {
    const sure = { labels: ['a', 'b'], probabilities: Float32Array.of(1, 0), truth: Int32Array.of(1) };
    expect(logLosses(sure)[0]).toBeCloseTo(23 * Math.LN2, 12);
  });

  it('puts a probability on a bin edge into the lower bin', () => {
    // With two bins, 0.5 lies in (0, 1/2]: (|1 - 0.5| + |0 - 0.75|) / 2. In one bin they would give |0.5 - 0.75| / 2.
    const edge = {
      labels: ['a', 'b'],
      probabilities: Float32Array.of(0.5, 0.5, 0.75, 0.25),
      truth: Int32Array.of(0, 1),
    };
    expect(expectedCalibrationError(edge, 2)).toBe(0.625);
  });

  it('breaks ties by the order of classes, in predictions and in top-k alike', () => {
    const flat = {
      labels: ['a', 'b', 'c'],
      probabilities: Float32Array.of(0.25, 0.375, 0.375),
      truth: Int32Array.of(2),
    };
    expect(Array.from(argmaxRows(flat.probabilities, 3))).toEqual([1]);
    expect([...hitsAmong(flat, 1), ...hitsAmong(flat, 2)]).toEqual([0, 1]);
  });

  it('keeps softmax finite for large logits', () => {
    const [a, b] = softmaxRows(Float32Array.of(1000, 1000 - Math.LN2), 2);
    expect(a).toBeCloseTo(2 / 3, 4);
    expect(b).toBeCloseTo(1 / 3, 4);
  });
});

describe('classificationEvaluator', () => {
  beforeAll(async () => void (await plainBackend()));

  it('reports the same in batches, from distributions and from indices, and keeps no tensor', async () => {
    const before = memory().numTensors;
    for (const hard of [false, true]) {
      const evaluator = classificationEvaluator(labels, { logits: 'logits', truth: 'label' });
      for (const [start, end] of [
        [0, 32],
        [32, SAMPLES],
      ] as const) {
        const z = tensor2d(logits.slice(start * CLASSES, end * CLASSES), [end - start, CLASSES]);
        const own = truth.slice(start, end);
        const t = hard
          ? tensor1d(own, 'int32')
          : tensor2d(
              Float32Array.from({ length: own.length * CLASSES }, (_, at) =>
                at % CLASSES === own[Math.floor(at / CLASSES)] ? 1 : 0,
              ),
              [own.length, CLASSES],
            );
        await evaluator.add({ logits: z }, { label: t });
        z.dispose();
        t.dispose();
      }
      expect(evaluator.report()).toEqual(classificationReport(evidence));
      expect(evaluator.evidence?.()).toEqual({ kind: 'classification', evidence });
    }
    expect(memory().numTensors).toBe(before);
  });

  it('refuses logits that do not fit the labels', async () => {
    const evaluator = classificationEvaluator(['a', 'b'], { logits: 'logits', truth: 'label' });
    const z = tensor2d([1, 2, 3], [1, 3]);
    const t = tensor1d([0], 'int32');
    await expect(evaluator.add({ logits: z }, { label: t })).rejects.toThrow('do not fit 1 samples and 2 classes');
    z.dispose();
    t.dispose();
  });
});
