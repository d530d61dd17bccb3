import { scoreOf, type ComparedMetric, type MetricsByTask, type ScoredCell } from './scored-cell.ts';
import { seedGroups, settingKey, type SeedGroup, type Setting } from './settings.ts';

/** What is compared with what. */
export interface ComparisonOptions {
  /** The strategy that the others are compared with. */
  readonly baseline: string;
  /** By task. */
  readonly metrics: MetricsByTask;
  /** Names of strategies that train from scratch; `from-scratch` where absent. */
  readonly scratch?: readonly string[];
  /** Names of strategies that are the probe; `linear-probe` where absent. */
  readonly probe?: readonly string[];
}

/** Two strategies in one setting, paired by seed. */
export interface Comparison<Cell extends ScoredCell = ScoredCell> {
  readonly a: SeedGroup<Cell>;
  readonly b: SeedGroup<Cell>;
  readonly metric: ComparedMetric;
  /** Whether `b` is what a transfer must not fall below: training from scratch, or the probe. */
  readonly reference: boolean;
  readonly pairs: readonly SeedPair<Cell>[];
  /** Seeds of which one side is missing, failed or without the number; in words. */
  readonly dropped: readonly string[];
}

export interface SeedPair<Cell extends ScoredCell = ScoredCell> {
  readonly seed: number;
  readonly a: Cell;
  readonly b: Cell;
  /** Score of a less that of b. */
  readonly difference: number;
}

/**
 * Every strategy with the baseline, and with training from scratch and the probe (negative transfer), each two once. They are
 * looked for in the same setting; where one has no cells there because it takes no unlabelled data, it is compared as it is without them; and
 * training from scratch, which knows nothing of a source, is taken from the only source that has it.
 */
export function comparisonsOf<Cell extends ScoredCell>(
  cells: readonly Cell[],
  { baseline, metrics, scratch = ['from-scratch'], probe = ['linear-probe'] }: ComparisonOptions,
): readonly Comparison<Cell>[] {
  const groups = seedGroups(cells);
  const find = finder(groups, scratch);
  const references = new Set([...scratch, ...probe]);
  const others = new Set([baseline, ...references]);
  const found: Comparison<Cell>[] = [];
  for (const a of groups) {
    const metric = metrics[a.task];
    if (!metric) continue;
    for (const name of others) {
      const b = name === a.strategy ? undefined : find(a, name);
      if (!b || yieldsTo(a.strategy, name, { baseline, scratch, probe })) continue;
      found.push({
        a,
        b,
        metric,
        reference: references.has(name) && !scratch.includes(a.strategy),
        ...paired(a, b, metrics),
      });
    }
  }
  return found;
}

/**
 * Whether the same two are compared the other way round, too, and better so: what is from scratch is always the one compared
 * with, then the probe, then the baseline.
 */
function yieldsTo(
  a: string,
  b: string,
  { baseline, scratch, probe }: { baseline: string; scratch: readonly string[]; probe: readonly string[] },
): boolean {
  const place = (name: string) => [scratch.includes(name), probe.includes(name), name === baseline].indexOf(true);
  const [ofA, ofB] = [place(a), place(b)];
  return ofA >= 0 && (ofA < ofB || (ofA === ofB && a < b));
}

function finder<Cell extends ScoredCell>(groups: readonly SeedGroup<Cell>[], scratch: readonly string[]) {
  const byPlace = new Map(groups.map((group) => [placeOf(group, group.setting), group]));
  const underAnySource = new Map<string, SeedGroup<Cell>[]>();
  for (const group of groups.filter(({ strategy }) => scratch.includes(strategy))) {
    const place = placeOf(group, { ...group.setting, source: '' });
    underAnySource.set(place, [...(underAnySource.get(place) ?? []), group]);
  }
  return ({ setting, task }: SeedGroup<Cell>, strategy: string): SeedGroup<Cell> | undefined => {
    const at = (place: Partial<Setting>) => placeOf({ strategy, task }, { ...setting, ...place });
    const same = byPlace.get(at({})) ?? byPlace.get(at({ adapt: null }));
    const elsewhere = same ? [] : (underAnySource.get(at({ source: '', adapt: null })) ?? []);
    return same ?? (elsewhere.length === 1 ? elsewhere[0] : undefined);
  };
}

function placeOf({ strategy, task }: { readonly strategy: string; readonly task: string }, setting: Setting): string {
  return JSON.stringify([settingKey(setting), strategy, task]);
}

function paired<Cell extends ScoredCell>(a: SeedGroup<Cell>, b: SeedGroup<Cell>, metrics: MetricsByTask) {
  const pairs: SeedPair<Cell>[] = [];
  const dropped: string[] = [];
  const seeds = [...new Set([...a.cells.keys(), ...b.cells.keys()])].sort((first, second) => first - second);
  for (const seed of seeds) {
    const [cellA, cellB] = [a.cells.get(seed), b.cells.get(seed)];
    const [scoreA, scoreB] = [scoreOf(cellA, metrics), scoreOf(cellB, metrics)];
    if (scoreA === undefined || scoreB === undefined) {
      const [side, cell] = scoreA === undefined ? [a, cellA] : [b, cellB];
      const why = cell === undefined ? 'was not run' : cell.state === 'failed' ? 'failed' : 'has no such number';
      dropped.push(`seed ${seed}, where ${side.strategy} ${why}`);
    } else pairs.push({ seed, a: cellA!, b: cellB!, difference: scoreA - scoreB });
  }
  return { pairs, dropped };
}
