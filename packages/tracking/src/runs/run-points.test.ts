import { expect, it } from 'vitest';
import { epochPoints, finalPoints } from './run-points.ts';

it('names what an epoch came to as readers of TensorBoard expect it', () => {
  const epoch = { phase: 'probe', epoch: 1, epochs: 2, loss: 0.5, learningRate: 0.1, seconds: 3 };
  expect(epochPoints({ ...epoch, validation: { accuracy: 0.75 } })).toEqual({
    'train/epoch_loss': 0.5,
    'train/epoch_seconds': 3,
    'validation/accuracy': 0.75,
  });
});

it('keeps the final numbers of the validation split apart from those of epochs', () => {
  const metrics = { validation: { accuracy: 0.75 }, test: { accuracy: 0.5, 'f1 (macro)': 0.25 } };
  expect(finalPoints(metrics, false)).toEqual({
    'final_validation/accuracy': 0.75,
    'test/accuracy': 0.5,
    'test/f1_macro_': 0.25,
  });
});

it('puts the domains of a trial under test, in names that every tracker takes', () => {
  const metrics = { validation: { accuracy: 1 }, '../data/./été 1.csv': { accuracy: 0.5 }, 'C:\\x': { accuracy: 0 } };
  expect(finalPoints(metrics, true)).toEqual({
    'test/validation/accuracy': 1,
    'test/data/été_1.csv/accuracy': 0.5,
    'test/C_/x/accuracy': 0,
  });
});
