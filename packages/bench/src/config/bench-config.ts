/** A data set as an axis has it: its name or path, or with how it is read. */
export type DomainEntry = string | DomainSetting;

/** A data set, and how it is read. */
export interface DomainSetting {
  /** A path, relative to the configuration's folder, or the id of a registered data set. */
  readonly target: string;
  /** What results call it; the target where absent. */
  readonly name?: string;
  readonly reader?: string;
  readonly readerOptions?: Readonly<Record<string, string>>;
  readonly skipBad?: boolean;
  /** Of a domain that is tested on: which samples; as `headstart evaluate` chooses where absent. */
  readonly split?: 'train' | 'validation' | 'test' | 'all';
}

/** How a transfer is trained, under a name: `linear-probe`, or with options of `headstart train` beside it. */
export type StrategyEntry = string | StrategySetting;

export interface StrategySetting {
  /** What results call it; the strategy's id where absent. */
  readonly name?: string;
  readonly strategy: string;
  /** Options of a transfer by their names in a request: epochs, batchSize, learningRate, augmentation, … */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What is crossed with what. */
export interface MatrixConfig {
  readonly sources: readonly string[];
  readonly domains: {
    /** Labelled domains, trained on. */
    readonly train: readonly DomainEntry[];
    /** Unlabelled domains, adapted to; with an entry `null` for none beside others. */
    readonly adapt?: readonly (DomainEntry | null)[];
    /** Test domains: each cell is judged on each of them that has its labels. */
    readonly test: readonly DomainEntry[];
  };
  readonly strategies: readonly StrategyEntry[];
  /** Training samples per class; `all` for no limit. */
  readonly shots?: readonly (number | 'all')[];
  /** How many (0, 1, …), or which. */
  readonly seeds?: number | readonly number[];
  /** Options of a transfer for every cell, such as `split`. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Cells to leave out: those that match every key given, by name. */
  readonly exclude?: readonly CellPattern[];
  /** Cells to run besides the product of the axes. */
  readonly include?: readonly (Required<Omit<CellPattern, 'adapt'>> & Pick<CellPattern, 'adapt'>)[];
}

/** Cells by the names of their coordinates; what is left out matches all. */
export interface CellPattern {
  readonly source?: string;
  readonly train?: string;
  readonly adapt?: string | null;
  readonly test?: string;
  readonly strategy?: string;
  readonly shots?: number | 'all';
  readonly seed?: number;
}

/** A benchmark: one matrix, or several of which each has its own axes (one for pictures, one for texts, one for boxes). */
export type BenchConfig = (MatrixConfig | { readonly matrices: readonly MatrixConfig[] }) & {
  /** Title of the report. */
  readonly name?: string;
  /** The number that verdicts are about, by task; the task's own where absent. */
  readonly metric?: string | Readonly<Record<string, string>>;
  /** Differences below it count as none: what `equivalent` means; 0.01 where absent. */
  readonly delta?: number;
  /** Share of wrong verdicts that is borne; 0.05 where absent. */
  readonly alpha?: number;
  /** The strategy that the others are compared with; the first where absent. */
  readonly baseline?: string;
  /** Bounds: seconds for the whole, seconds and bytes for one cell. What would go beyond is not begun, and said. */
  readonly budget?: { readonly seconds?: number; readonly cellSeconds?: number; readonly memory?: string };
  /** Processes that work side by side; 1 where absent. */
  readonly workers?: number;
};

/** A benchmark's configuration with its types, for `bench.config.ts`. */
export function defineBench(config: BenchConfig): BenchConfig {
  return config;
}
