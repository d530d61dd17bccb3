import type { Outcome } from './family.ts';

const KINDS = [
  'refused',
  'accepted',
  'no code',
  'hang',
  'memory',
  'crash',
] as const satisfies readonly Outcome['kind'][];

/** What is a fault of ours, not of the input. */
export function isFault({ kind }: Outcome): boolean {
  return kind !== 'refused' && kind !== 'accepted';
}

interface Row {
  readonly counts: Record<Outcome['kind'], number>;
  slowest: number;
  peak: number;
}

/** Counts by family. */
export class Tally {
  readonly #rows = new Map<string, Row>();
  inputs = 0;
  faults = 0;

  add(family: string, { outcome, milliseconds, peak }: { outcome: Outcome; milliseconds: number; peak: number }): void {
    const row = this.#rows.get(family) ?? {
      counts: { refused: 0, accepted: 0, 'no code': 0, hang: 0, memory: 0, crash: 0 },
      slowest: 0,
      peak: 0,
    };
    this.#rows.set(family, row);
    row.counts[outcome.kind] += 1;
    row.slowest = Math.max(row.slowest, milliseconds);
    row.peak = Math.max(row.peak, peak);
    this.inputs += 1;
    if (isFault(outcome)) this.faults += 1;
  }

  /** A row for each family and one for all. */
  lines(): string[] {
    const heading = ['family', 'inputs', ...KINDS, 'slowest s', 'peak MiB'];
    const names = [...this.#rows.keys()].sort();
    const rows = names.map((name) => [name, ...cells([this.#rows.get(name)!])]);
    const all = ['all', ...cells([...this.#rows.values()])];
    const table = [heading, ...rows, all];
    const widths = heading.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
    return table.map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    );
  }
}

function cells(rows: readonly Row[]): string[] {
  const counts = KINDS.map((kind) => rows.reduce((sum, row) => sum + row.counts[kind], 0));
  const most = (value: (row: Row) => number) => Math.max(0, ...rows.map(value));
  return [
    String(counts.reduce((sum, count) => sum + count, 0)),
    ...counts.map(String),
    (most(({ slowest }) => slowest) / 1000).toFixed(1),
    String(Math.round(most(({ peak }) => peak) / 2 ** 20)),
  ];
}
