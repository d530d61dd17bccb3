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
export type { BenchRecord, Coordinates } from './records/bench-record.ts';
export type { Verdict, VerdictKind } from './statistics/verdict.ts';
