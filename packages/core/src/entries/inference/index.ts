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
