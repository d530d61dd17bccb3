import { createHash } from 'node:crypto';
import type { BenchRecord } from '../records/bench-record.ts';
import { byCodeUnit } from './names.ts';
import type { CellPlace, ReportHistory, ReportCell, ReportRun, WorstItem } from './report-data.ts';

/** What is known of records beside themselves. */
export interface CellContext {
  /** The numbers that verdicts are about, by task. */
  readonly metrics: Readonly<Record<string, { readonly name: string; readonly better: 'higher' | 'lower' }>>;
  /** Of the mean of values over seeds; null of fewer than two. */
  readonly interval: (values: readonly number[]) => readonly [low: number, high: number] | null;
  readonly worst: (records: readonly BenchRecord[]) => readonly WorstItem[];
}

/** Records by cell, cells in the order of their first place in the matrix, seeds ascending. */
export function cellsOf(records: readonly BenchRecord[], context: CellContext): ReportCell[] {
  const groups = new Map<string, BenchRecord[]>();
  for (const record of records) {
    const place = JSON.stringify([placeOf(record.coordinates), record.task]);
    const group = groups.get(place);
    if (group) group.push(record);
    else groups.set(place, [record]);
  }
  return [...groups.values()].map((group) => cellOf(group, context));
}

function cellOf(group: readonly BenchRecord[], { metrics, interval, worst }: CellContext): ReportCell {
  const [{ coordinates, task }] = group as [BenchRecord];
  const { name: metric, better } = metrics[task]!;
  const seeds = [...group].sort((a, b) => a.coordinates.seed - b.coordinates.seed || byCodeUnit(a.id, b.id));
  const runs = seeds.map((record) => runOf(record, metric));
  const values = runs.flatMap(({ value }) => value ?? []);
  const place = placeOf(coordinates);
  return {
    key: keyOf(place, task),
    ...place,
    task,
    metric,
    better,
    mean: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length,
    interval: interval(values),
    runs,
    worst: worst(seeds.filter(({ state }) => state === 'done')),
  };
}

function placeOf({ source, train, adapt, test, strategy, shots }: BenchRecord['coordinates']): CellPlace {
  return { source, train, adapt, test, strategy, shots };
}

/** Short, and the same for the same names. */
function keyOf(place: CellPlace, task: string): string {
  return `cell-${createHash('sha256')
    .update(JSON.stringify([place, task]))
    .digest('hex')
    .slice(0, 12)}`;
}

function runOf(record: BenchRecord, metric: string): ReportRun {
  const { transfer: _, source, train, adapt, tests, code } = record.identity;
  return {
    seed: record.coordinates.seed,
    state: record.state,
    value: (record.state === 'done' ? record.metrics[metric] : undefined) ?? null,
    metrics: record.metrics,
    training: record.training?.[metric] ?? null,
    samples: record.samples,
    history: historyOf(record, metric),
    choices: record.choices,
    warnings: record.warnings,
    ...(record.error ? { error: record.error } : {}),
    record: record.id,
    digest: record.digest,
    ...(record.predictions ? { predictions: record.predictions.sha256 } : {}),
    identity: {
      source,
      'trained on': train,
      ...(adapt === undefined ? {} : { 'adapted to': adapt }),
      'tested on': tests.join(' '),
      ...code,
    },
    seconds: record.measured.seconds,
    memory: record.measured.memory,
    together: record.measured.together,
  };
}

function historyOf({ history }: BenchRecord, metric: string): ReportHistory {
  const phases: [string, number][] = [];
  for (const { phase } of history) {
    const last = phases.at(-1);
    if (last?.[0] === phase) last[1]++;
    else phases.push([phase, 1]);
  }
  return {
    phases,
    loss: history.map(({ loss }) => drawn(loss)),
    validation: history.map(({ validation }) => {
      const score = validation?.[metric];
      return score === undefined ? null : drawn(score);
    }),
  };
}

/** As fine as a curve is drawn: tens of thousands of epochs are most of a page. */
function drawn(value: number): number {
  return Number(value.toPrecision(3));
}
