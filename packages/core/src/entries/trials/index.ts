export type {
  EvidenceFormat,
  EvidenceItems,
  ItemColumn,
  ItemColumnType,
  MeasuredNumber,
} from '../../metrics/evidence-format.ts';
export { givenLabels } from '../../metrics/given-labels.ts';
export { measureItems, type ItemReaders, type MeasuredItems } from '../../metrics/measure-items.ts';
export type {
  TestRequest,
  TrialEnd,
  TrialIdentity,
  TrialOptions,
  TrialOutcome,
  TrialRequest,
  TrialResult,
  TrialSession,
} from '../../runs/trial.ts';
export type { Calibration, CalibrationError, Decision } from '../../runs/answering.ts';
export type {
  CrossValidatedMetric,
  CrossValidatedResult,
  CrossValidation,
  CrossValidationOptions,
  OutOfFoldRow,
} from '../../runs/cross-validation.ts';
