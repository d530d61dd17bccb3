export { HeadstartError, type ErrorCode, type ErrorDetails } from '@headstart/artifacts/errors';
export { storageError } from '@headstart/artifacts/errors';
export { nearestName, unknownName } from '@headstart/artifacts/errors';
export { eagerStep, type Backend, type CompiledStep, type CompileOptions, type MemoryReport } from './ports/backend.ts';
export {
  choosePrecision,
  PRECISIONS,
  type Precision,
  type PrecisionRequest,
  type ReducedPrecision,
} from './ports/precision.ts';
export { silentProgress, type Progress, type ProgressTask } from '@headstart/artifacts';
export { cacheRoot } from '@headstart/artifacts/storage';
export { parseByteSize } from './options/byte-size.ts';
export type { ArtifactRef, Artifacts, LocalArtifact, LocalPackage, PackageRef } from '@headstart/artifacts';
export { createArtifacts, type ArtifactsOptions } from '@headstart/artifacts';
export { writeAtomic } from '@headstart/artifacts/storage';
export { sha256File } from '@headstart/artifacts/storage';
export { readSafetensors, type Safetensors } from './formats/read-safetensors.ts';
export { writeSafetensors, type WritableTensor } from './formats/write-safetensors.ts';
export { readTorchCheckpoint } from './formats/read-torch-checkpoint.ts';
export type { StoredDtype, StoredTensor, StoredValues } from './formats/stored-tensor.ts';
export { RandomStream, withoutDraws } from './random/random-stream.ts';
export { STATELESS_UNIFORM, StepRandom } from './random/step-random.ts';
export { dropout } from './random/dropout.ts';
export type { HostTensors, HostValues, Tensors, TensorSpec, TensorSpecs } from './network/tensors.ts';
export { usesBatchStatistics, type ForwardMode, type ModelVariable, type Stage } from './network/stage.ts';
export { assignConstant, assignValues, modelVariable, type Layer, type VariableOptions } from './network/layer.ts';
export { layerStage, stageInput } from './network/layer-stage.ts';
export { batchNormTrain, FUSED_BATCH_NORM_TRAIN, type BatchNormTrainResult } from './network/batch-norm.ts';
export type { Backbone, FeatureInfo, InputSpec, SourceHead, TuningAdvice } from './network/backbone.ts';
export type {
  Modality,
  OpenOptions,
  SourceCard,
  SourceDomain,
  SourceRuntime,
  SourceScheme,
} from './domains/source-domain.ts';
export { parseSourceReference, type ReferenceFormat, type SourceReference } from './domains/source-reference.ts';
export { canonicalLabel } from './domains/labels.ts';
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
export type { Reader, ReadOptions, RegisteredDataset } from './domains/reader.ts';
export type { CheckOptions, ExplainRequest, LossOptions, Task, Teaching } from './tasks/task.ts';
export type { EncodedSamples, Encoder, EncoderOptions, HostBatch, View } from './data/encoder.ts';
export type { EvaluationPage, Evaluator, EvaluatorOptions, MetricReport, ReportOptions } from './metrics/evaluator.ts';
export type { Head } from './network/head.ts';
export { checkClasses } from './tasks/check-classes.ts';
export { headFeature, pooledFeature } from './network/head-feature.ts';
export { LinearHead, type LinearHeadOptions } from './network/linear-head.ts';
export {
  decodeRanked,
  describeRanked,
  type LabelProbability,
  type RankedPrediction,
} from './tasks/ranked-prediction.ts';
export { softCrossEntropy } from './network/soft-cross-entropy.ts';
export { HEAD, type StageInfo } from './network/head.ts';
export type { AdapterPlan } from './network/adapters.ts';
export type {
  Budget,
  Objective,
  OptimiserPlan,
  Penalty,
  PenaltyTensors,
  Phase,
  SchedulePlan,
  Strategy,
} from './strategies/strategy.ts';
export {
  cosinePairLoss,
  cosines,
  multipleNegativesLoss,
  supervisedContrastiveLoss,
} from './network/contrastive-losses.ts';
export { definePlugin, type Plugin, type PluginContext, type PluginDefinition } from './plugins/plugin.ts';
export type {
  ClassificationEvidence,
  Evidence,
  EvidenceKinds,
  Metric,
  MultiLabelEvidence,
  RetrievalEvidence,
  ScoreEvidence,
} from './metrics/metric.ts';
export {
  classificationEvaluator,
  classificationReport,
  type ClassificationOutputs,
  type ClassReport,
} from './metrics/classification-evaluator.ts';
export { classificationMetrics } from './metrics/classification-metrics.ts';
export { multiLabelEvaluator } from './metrics/multi-label-evaluator.ts';
export { multiLabelMetrics } from './metrics/multi-label-metrics.ts';
export {
  retrievalEvaluator,
  retrievalMetrics,
  retrievalRanks,
  retrievalReport,
  type RetrievalOutputs,
} from './metrics/retrieval-evaluator.ts';
export {
  groupRanks,
  groupRetrievalEvaluator,
  type GroupRetrievalOutputs,
} from './metrics/group-retrieval-evaluator.ts';
export { scoreEvaluator, scoreMetrics, type ScoreOutputs } from './metrics/score-evaluator.ts';
export { bootstrapIntervals, type Interval, type Resampled } from './metrics/resampling.ts';
export { argmaxRows, softmaxRows } from './metrics/softmax-rows.ts';
export type { TransferRequest, TransferResult } from './runs/request.ts';
export type { EpochInfo, RunEvents, StepInfo } from './runs/events.ts';
export type { EvaluateOptions, EvaluateResult, Headstart, LoadedModel, LoadOptions } from './runtime/headstart.ts';
export type { ResolvedChoice } from './runs/choice.ts';
export type { Registered } from './plugins/registry.ts';
export { unknownSource } from './plugins/unknown-source.ts';
export { namedOptions, parseNamedOptions, type OptionsOwner } from './options/named-options.ts';
export { createHeadstart, type HeadstartOptions } from './runtime/create-headstart.ts';
export { splitTarget, type SplitOptions } from './domains/splits.ts';
export type { ExportedModel, Exporter } from './export/exporter.ts';
export { writeNewFolder } from './export/new-folder.ts';
export { exportGraphModel, type GraphModelExport } from './export/export-graph-model.ts';
export { detectClassFolders, listClassFolders, type ClassFile, type ClassFolderKind } from './folders/class-folders.ts';
export { isLeftover } from './folders/side-files.ts';
export { splitNamed } from './folders/split-names.ts';
export { byCodePoint } from './domains/by-code-unit.ts';
export { filesBelow, listFolder, type Entry, type PassOver } from './folders/walk.ts';
export { parseCsv, readCsv, type TableRow } from './tables/csv-rows.ts';
export { columnError, namedColumn, type NamedColumn } from './tables/columns.ts';
export { readLines, utf8Chunks } from './tables/utf8-file.ts';
