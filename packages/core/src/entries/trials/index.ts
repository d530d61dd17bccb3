export type { EvidenceFormat, EvidenceItems, ItemColumn, ItemColumnType } from '../../metrics/evidence-format.ts';
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
