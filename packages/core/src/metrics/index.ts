export type { EvaluationPage, Evaluator, EvaluatorOptions, MetricReport, ReportOptions } from './evaluator.ts';
export type {
  ClassificationEvidence,
  Evidence,
  EvidenceKinds,
  Metric,
  MultiLabelEvidence,
  RetrievalEvidence,
  ScoreEvidence,
} from './metric.ts';
export type { EvidenceFormat, EvidenceItems, ItemColumn, ItemColumnType, MeasuredNumber } from './evidence-format.ts';
export { itemsInvalid, jsonColumn, sharedLabels } from './item-columns.ts';
export { measureMetrics } from './metric-report.ts';
export { classificationEvaluator, type ClassificationOutputs } from './classification-evaluator.ts';
export { classificationMetrics } from './classification-metrics.ts';
export { multiLabelEvaluator } from './multi-label-evaluator.ts';
export { multiLabelMetrics } from './multi-label-metrics.ts';
export { retrievalEvaluator, retrievalMetrics, type RetrievalOutputs } from './retrieval-evaluator.ts';
export { groupRetrievalEvaluator, type GroupRetrievalOutputs } from './group-retrieval-evaluator.ts';
export { scoreEvaluator, scoreMetrics, type ScoreOutputs } from './score-evaluator.ts';
export { confidenceIntervals } from './confidence-intervals.ts';
export type { Resamples } from './resamples.ts';
export {
  bootstrapIntervals,
  resampledShare,
  resampledTogether,
  valuesOf,
  type Interval,
  type Resampled,
} from './resampling.ts';
export { softmaxRows } from './softmax-rows.ts';
