import { expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import type { ClassificationEvidence } from './metric.ts';
import { expectedCalibrationError, logLosses } from './probability-scores.ts';
import { softmaxRows } from './softmax-rows.ts';
import { fitTemperature, tempered } from './temperature.ts';

const CLASSES = 4;
const labels = ['a', 'b', 'c', 'd'];

/** Truth drawn by the softmax of logits, and a model that claims `factor` times these logits. */
function claims(samples: number, factor: number): ClassificationEvidence {
  const random = new RandomStream('claims');
  const logits = Float32Array.from({ length: samples * CLASSES }, () => 1.5 * random.normal());
  const honest = softmaxRows(logits, CLASSES);
  const truth = Int32Array.from({ length: samples }, (_, i) => {
    let left = random.next();
    for (let j = 0; j < CLASSES - 1; j++) if ((left -= honest[i * CLASSES + j]!) < 0) return j;
    return CLASSES - 1;
  });
  return {
    labels,
    truth,
    probabilities: softmaxRows(
      logits.map((z) => factor * z),
      CLASSES,
    ),
  };
}

const meanLoss = (evidence: ClassificationEvidence) =>
  logLosses(evidence).reduce((sum, loss) => sum + loss, 0) / evidence.truth.length;

it('finds how much too sure a model is, and takes its calibration error away', () => {
  const evidence = claims(20_000, 3);
  const temperature = fitTemperature(evidence)!;
  expect(Math.abs(temperature - 3)).toBeLessThan(0.1); // three standard errors of 20,000 samples
  const after = tempered(evidence, temperature);
  expect(expectedCalibrationError(evidence)).toBeGreaterThan(0.1);
  expect(expectedCalibrationError(after)).toBeLessThan(0.015);
  expect(tempered(after, 1 / temperature).probabilities[5]).toBeCloseTo(evidence.probabilities[5]!, 5);
});

it('is the least of the log loss, by looking at every thousandth', () => {
  const evidence = claims(150, 0.4);
  const found = fitTemperature(evidence)!;
  let best = { temperature: 0, loss: Infinity };
  for (let at = 200; at < 1200; at++) {
    const loss = meanLoss(tempered(evidence, at / 1000));
    if (loss < best.loss) best = { temperature: at / 1000, loss };
  }
  expect(Math.abs(found - best.temperature)).toBeLessThan(0.0021);
});

it('is none where all samples are right, which would make the model surer without end', () => {
  const { probabilities } = claims(20, 1);
  const truth = Int32Array.from({ length: 20 }, (_, i) => {
    const row = probabilities.subarray(i * CLASSES, (i + 1) * CLASSES);
    return row.indexOf(Math.max(...row));
  });
  expect(fitTemperature({ labels, probabilities, truth })).toBeUndefined();
});
