export { batchOf, Gather, type GatherOptions } from '../../runtime/gather.ts';
export { Permits } from '../../runtime/permits.ts';
export type {
  EmbedOptions,
  Embeddings,
  PredictedSample,
  PredictOptions,
  PredictOutcome,
  PredictTargetOptions,
} from '../../runtime/headstart.ts';
export type { LabelChanges } from '../../models/new-labels.ts';
export type { RelabelResult } from '../../runtime/relabel-model.ts';
export type {
  RankedCandidate,
  RankedSource,
  RankRequest,
  RefusedSource,
  SourceRanking,
} from '../../runtime/ranking/ranking.ts';
export type { ShiftReport } from '../../runtime/report-shift.ts';
