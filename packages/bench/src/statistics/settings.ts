import type { Coordinates } from '../records/bench-record.ts';
import type { ScoredCell } from './scored-cell.ts';

/** Where strategies are compared: the same in everything but the strategy and the seed. */
export type Setting = Omit<Coordinates, 'strategy' | 'seed'>;

/** The cells of one strategy in one setting, by seed. */
export interface SeedGroup<Cell extends ScoredCell = ScoredCell> {
  readonly setting: Setting;
  readonly strategy: string;
  readonly task: string;
  readonly cells: ReadonlyMap<number, Cell>;
}

/** Cells by setting and strategy, in the order in which they first come. */
export function seedGroups<Cell extends ScoredCell>(cells: readonly Cell[]): readonly SeedGroup<Cell>[] {
  const groups = new Map<string, SeedGroup<Cell> & { readonly cells: Map<number, Cell> }>();
  for (const cell of cells) {
    const { strategy, seed, ...setting } = cell.coordinates;
    const key = JSON.stringify([settingKey(setting), strategy]);
    const group = groups.get(key) ?? { setting, strategy, task: cell.task, cells: new Map<number, Cell>() };
    groups.set(key, group);
    group.cells.set(seed, cell);
  }
  return [...groups.values()];
}

/** Equal for equal settings. */
export function settingKey({ source, train, adapt, test, shots }: Setting): string {
  return JSON.stringify([source, train, adapt, test, shots]);
}

/** Where a curve over shots lies, in words: `minilm-l6: amazon → imdb`. */
export function placeText({ source, train, adapt, test }: Omit<Setting, 'shots'>): string {
  return `${source}: ${train}${adapt === null ? '' : ` and unlabelled ${adapt}`} → ${test}`;
}

/** A setting in words: `minilm-l6: amazon → imdb, 8 shots per class`. */
export function settingText(setting: Setting): string {
  return `${placeText(setting)}, ${setting.shots === 'all' ? 'all samples' : `${setting.shots} shots per class`}`;
}
