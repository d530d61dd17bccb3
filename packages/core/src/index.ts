export { HeadstartError, type ErrorCode } from '@headstart/artifacts/errors';
export {
  silentProgress,
  type Progress,
  type ProgressTask,
  type ArtifactRef,
  type Artifacts,
  type LocalArtifact,
  type LocalPackage,
  type PackageRef,
  createArtifacts,
} from '@headstart/artifacts';
export { RandomStream } from './random/random-stream.ts';
export type {
  Modality,
  OpenOptions,
  SourceCard,
  SourceDomain,
  SourceRuntime,
  SourceScheme,
} from './domains/source-domain.ts';
export { parseSourceReference, type ReferenceFormat, type SourceReference } from './domains/source-reference.ts';
export type {
  Dataset,
  LabelledObject,
  ReadSample,
  Sample,
  SkippedSample,
  SplitName,
  TargetData,
  TargetDomain,
} from './domains/target-domain.ts';
export type { ModelInput } from './domains/model-input.ts';
export type { Reader, ReadOptions, RegisteredDataset } from './domains/reader.ts';
export type { CheckOptions, ExplainRequest, LossOptions, Task } from './tasks/task.ts';
export { KeptValues } from './data/kept-values.ts';
export type { EncodedSamples, Encoder, EncoderOptions, HostBatch, View } from './data/encoder.ts';
export { checkClasses } from './tasks/check-classes.ts';
export {
  decodeRanked,
  describeRanked,
  type LabelProbability,
  type RankedPrediction,
} from './tasks/ranked-prediction.ts';
export { HEAD, type StageInfo } from './network/head.ts';
export type { AdapterPlan } from './network/adapters.ts';
export type {
  Budget,
  DerivedTargets,
  OptimiserPlan,
  Phase,
  SchedulePlan,
  Strategy,
} from './strategies/strategy.ts';
export { definePlugin, type Plugin, type PluginContext, type PluginDefinition } from './plugins/plugin.ts';
export type { PhasePlan, TransferPlan } from './runs/plan.ts';
export type { TransferRequest, TransferResult } from './runs/request.ts';
export type { PhaseSelection } from './runs/selection.ts';
export type { EpochChoice, EpochInfo, RunEvents, StepInfo } from './runs/events.ts';
export type { RunContext, RunSubscriber } from './runs/subscriber.ts';
export { ARTIFACTS, BACKEND, FEATURE_STORE, PROGRESS } from './runs/tokens.ts';
export type {
  EvaluateOptions,
  EvaluateResult,
  Headstart,
  LoadedModel,
  LoadOptions,
  PreparedInput,
  RunOptions,
} from './runtime/headstart.ts';
export type { ResolvedChoice } from './runs/choice.ts';
export type { Registered } from './plugins/registry.ts';
export { createHeadstart, type HeadstartOptions } from './runtime/create-headstart.ts';
export { lossTerm, type LossTerm } from './network/loss-term.ts';
