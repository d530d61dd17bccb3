export {
  defineBench,
  type BenchConfig,
  type CellPattern,
  type DomainEntry,
  type DomainSetting,
  type MatrixConfig,
  type StrategyEntry,
  type StrategySetting,
} from './config/bench-config.ts';
export { checkBench } from './config/check-bench.ts';
export { parsePattern } from './matrix/parse-pattern.ts';
export type { BenchPlan, PlannedCell, PlannedTrial, Refusal } from './plan/bench-plan.ts';
export type { BenchRecord, Coordinates } from './records/bench-record.ts';
export { FolderStore } from './records/folder-store.ts';
export type { Predictions } from './records/predictions.ts';
export type { RecordStore } from './records/record-store.ts';
export { readResults, type BenchResults, type ResultRow } from './results/bench-results.ts';
export type { BenchFile } from './results/bench-file.ts';
export type { Amount, Gain, GainKind } from './gains/gain.ts';
export { gainsOf, type GainCell, type GainOptions } from './gains/gains.ts';
export { assembleReport, type AssembleOptions } from './report/assemble-report.ts';
export { benchmarkWarnings } from './report/benchmark-warnings.ts';
export { serveQueue, type QueueWorkerOptions } from './queue/serve-queue.ts';
export type { FoundSamples, SampleSource } from './report/find-samples.ts';
export type {
  CellPlace,
  RefusedRun,
  ReportCell,
  ReportData,
  ReportHistory,
  ReportRun,
  ReportSample,
  WorstItem,
} from './report/report-data.ts';
export { reportFiles } from './report/report-files.ts';
export { pairSentences } from './report/verdict-words.ts';
export { reportPageIn, writeReport, type ReportReaders, type WrittenReport } from './report/write-report.ts';
export type { ResultsDocument } from './results/results-file.ts';
export type { Workforce } from './run/execute.ts';
export type { BenchEvents, BenchOptions } from './run/options.ts';
export type { StartWorker } from './run/process-hand.ts';
export { previewBench, type BenchPreview, type PreviewedTransfers } from './run/preview-bench.ts';
export { runBench, type BenchOutcome } from './run/run-bench.ts';
export { serveBench } from './run/serve-bench.ts';
export type { Unit } from './run/unit.ts';
export type { CellReport, Claims, Hand, UnitReport } from './run/work.ts';
export { standardBench } from './standard/standard-bench.ts';
export type { CellItems } from './statistics/item-noise.ts';
export type { ComparedMetric, MetricsByTask, ScoredCell } from './statistics/scored-cell.ts';
export { rankingsOf, type RankedStrategy, type Ranking } from './statistics/rankings.ts';
export type { Setting } from './statistics/settings.ts';
export type { Verdict, VerdictKind } from './statistics/verdict.ts';
export { FEWEST_SEEDS, verdictsOf, type VerdictOptions } from './statistics/verdicts.ts';
export type { Finding } from './verify/finding.ts';
export { verifyBench, type Verification, type VerifyOptions } from './verify/verify-bench.ts';
export { BenchWatch } from './watch/bench-watch.ts';
export { watchPage } from './watch/watch-page.ts';
export type { EndedCell, WatchSnapshot } from './watch/watch-snapshot.ts';
