import type { CellPattern, DomainSetting } from './bench-config.ts';

/** A domain of an axis: its name in results, and how it is read; its target is a registered data set or an absolute path. */
export interface NamedDomain {
  readonly name: string;
  /** The target as the configuration has it. */
  readonly given: string;
  readonly setting: DomainSetting;
}

/** A strategy of an axis: its name in results, its id, and options of the transfer. */
export interface NamedStrategy {
  readonly name: string;
  readonly strategy: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A source of an axis: as the configuration has it, and as a transfer takes it (a path in it is absolute). */
export interface NamedSource {
  readonly name: string;
  readonly source: string;
}

/** A matrix with every default in its place. */
export interface SettledMatrix {
  readonly sources: readonly NamedSource[];
  readonly train: readonly NamedDomain[];
  /** Null for none. */
  readonly adapt: readonly (NamedDomain | null)[];
  readonly test: readonly NamedDomain[];
  readonly strategies: readonly NamedStrategy[];
  readonly shots: readonly (number | 'all')[];
  readonly seeds: readonly number[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly exclude: readonly CellPattern[];
  readonly include: readonly CellPattern[];
}

/** A benchmark's configuration with every default in its place, ready to be expanded. */
export interface SettledBench {
  readonly name: string;
  /** By task; `*` for all others. */
  readonly metric: Readonly<Record<string, string>>;
  readonly delta: number;
  readonly alpha: number;
  readonly baseline: string;
  readonly budget: { readonly seconds?: number; readonly cellSeconds?: number; readonly memory?: number };
  readonly workers: number;
  readonly matrices: readonly SettledMatrix[];
}
