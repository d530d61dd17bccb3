/** What runs benchmarks, which may not be installed: the command knows its types alone. */
export type Bench = typeof import('@headstart/bench');
export type BenchConfig = import('@headstart/bench').BenchConfig;
export type BenchEvents = import('@headstart/bench').BenchEvents;
export type BenchOptions = import('@headstart/bench').BenchOptions;
export type BenchOutcome = import('@headstart/bench').BenchOutcome;
export type BenchPreview = import('@headstart/bench').BenchPreview;
export type ResultRow = import('@headstart/bench').ResultRow;
export type BenchWatch = import('@headstart/bench').BenchWatch;
export type ReportReaders = import('@headstart/bench').ReportReaders;
