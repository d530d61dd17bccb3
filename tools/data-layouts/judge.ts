import type { Acceptable, Expectation, ExpectedReading } from './expectation.ts';
import type { Observation, ReadObservation, RefusedObservation } from './observation.ts';

export const OUTCOMES = [
  'right',
  'refused clearly',
  'wrong, and said',
  'SILENTLY WRONG',
  'misleading',
  'refused though readable',
  'internal',
  'hang',
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** What is well for the user: read right, or refused or doubted in words that help. */
export const SOUND: readonly Outcome[] = ['right', 'refused clearly', 'wrong, and said'];

export interface Verdict {
  readonly outcome: Outcome;
  /** What differs from each acceptable end, where none was reached. */
  readonly differences: readonly string[];
}

/** Compares what became of a case with what may become of it. */
export function judge(observed: Observation, { accept, problem }: Expectation): Verdict {
  if (observed.kind === 'hang') return { outcome: 'hang', differences: [observed.message] };
  if (observed.kind === 'internal') return { outcome: 'internal', differences: [observed.message] };
  const differences = accept.map((acceptable) => differencesFrom(observed, acceptable));
  const reached = differences.some((list) => list.length === 0);
  const all = differences.map((list) => list.join('; '));
  if (observed.kind === 'read') {
    if (reached) return { outcome: 'right', differences: [] };
    const said = problem !== undefined && observed.said.some((text) => problem.test(text));
    return { outcome: said ? 'wrong, and said' : 'SILENTLY WRONG', differences: all };
  }
  if (observed.code === 'internal') return { outcome: 'internal', differences: all };
  if (reached) return { outcome: 'refused clearly', differences: [] };
  const refusable = accept.some(({ kind }) => kind === 'refused');
  return { outcome: refusable ? 'misleading' : 'refused though readable', differences: all };
}

function differencesFrom(observed: ReadObservation | RefusedObservation, acceptable: Acceptable): string[] {
  if (acceptable.kind === 'refused') {
    if (observed.kind !== 'refused') return ['read, not refused'];
    const text = `${observed.message} ${observed.hint}`;
    return acceptable.words.filter((word) => !word.test(text)).map((word) => `${String(word)} is not said`);
  }
  if (observed.kind !== 'read') return ['refused, not read'];
  return readingDifferences(observed, acceptable);
}

function readingDifferences(observed: ReadObservation, expected: ExpectedReading): string[] {
  const differences: string[] = [];
  const compare = (what: string, found: unknown, wanted: unknown) => {
    if (wanted !== undefined && JSON.stringify(found) !== JSON.stringify(wanted))
      differences.push(`${what} ${JSON.stringify(found)} where ${JSON.stringify(wanted)} is right`);
  };
  compare('reader', observed.reader, expected.reader);
  compare('task', observed.task, expected.task);
  compare('labels', observed.labels.toSorted(), expected.labels?.toSorted());
  const [train, validation, test] = observed.splits;
  compare('samples', train + validation + test, expected.samples);
  compare('splits', observed.splits, expected.splits);
  compare('unlabelled', observed.unlabelled, expected.unlabelled);
  compare('objects', observed.objects, expected.objects);
  const { area } = observed;
  if (area !== undefined && expected.area !== undefined && Math.abs(area - expected.area) > 0.01 * expected.area)
    compare('area of boxes', Math.round(area), expected.area);
  if (expected.example && !observed.examples.some((example) => expected.example!.test(example)))
    differences.push(`no example is ${String(expected.example)}`);
  for (const word of expected.said ?? [])
    if (!observed.said.some((text) => word.test(text))) differences.push(`${String(word)} is not said`);
  return differences;
}
