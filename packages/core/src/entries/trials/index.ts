export type {
  EvidenceFormat,
  EvidenceItems,
  ItemColumn,
  ItemColumnType,
  MeasuredNumber,
} from '../../metrics/evidence-format.ts';
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
