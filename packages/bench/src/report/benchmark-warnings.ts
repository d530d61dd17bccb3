import { trainedOnWarning } from '../results/trained-on-warning.ts';
import { counted } from './names.ts';
import type { ReportData } from './report-data.ts';

/** Under these, a verdict is not given. */
const ENOUGH_SEEDS = 5;

/** How many runs ended how. */
export interface RunCounts {
  readonly planned: number;
  readonly done: number;
  readonly failed: number;
  readonly refused: number;
  /** Neither run nor refused. */
  readonly missing: number;
}

export function runCounts({ planned, cells, refused }: ReportData): RunCounts {
  const runs = cells.flatMap((cell) => cell.runs);
  const done = runs.filter(({ state }) => state === 'done').length;
  const failed = runs.length - done;
  const missing = Math.max(0, planned - done - failed - refused.length);
  return { planned, done, failed, refused: refused.length, missing };
}

/** What a reader has to know before believing the numbers, a sentence each. */
export function benchmarkWarnings(data: ReportData): string[] {
  const { done, failed, refused, missing } = runCounts(data);
  const seeds = data.cells.flatMap(({ runs }) => {
    const count = runs.filter(({ state }) => state === 'done').length;
    return count > 0 ? [count] : [];
  });
  const few = seeds.filter((count) => count < ENOUGH_SEEDS);
  const baseline = data.cells.some(({ strategy }) => strategy === data.baseline);
  const compared = new Set(data.cells.map(({ strategy }) => strategy)).size > 1;
  return [
    done === 0 ? 'No run was done: there are no numbers to compare.' : '',
    few.length > 0
      ? `${counted(few.length, 'cell')} of ${seeds.length.toLocaleString('en-US')} ${few.length === 1 ? 'has' : 'have'} fewer than ${ENOUGH_SEEDS} seeds (${Math.min(...few)} at least): too few for a verdict. Give it more seeds and run it again; what is done is kept.`
      : '',
    trainedOnWarning(
      data.cells.flatMap(({ train, test, runs }) => runs.map(({ samples }) => ({ train, test, samples }))),
    ) ?? '',
    failed > 0 ? `${counted(failed, 'run')} failed. They stand in no mean; see What is missing.` : '',
    refused > 0 ? `${counted(refused, 'run')} of the matrix cannot be run; see What is missing.` : '',
    missing > 0 ? `${counted(missing, 'run')} of the matrix ${missing === 1 ? 'is' : 'are'} not there yet.` : '',
    done > 0 && compared && !baseline ? `The baseline ${data.baseline} has no run: nothing is compared with it.` : '',
  ].filter((warning) => warning !== '');
}
