import type { Command } from 'commander';
import { wholeNumber } from '@headstart/core/options';
import { usage } from '../failures.ts';
import { tableFormat } from '../files/table-format.ts';
import { valueOf } from './values.ts';

/** How a transfer is cross-validated. */
export interface FoldFlags {
  readonly folds?: number;
  readonly repeats?: number;
  readonly outOfFold?: string;
  readonly dryRun?: boolean;
}

export function addFoldOptions(command: Command): Command {
  return command
    .option(
      '--folds <k>',
      'judge by k folds of the data, each by a model of the others, then train on all; stratified',
      valueOf(wholeNumber(2)),
    )
    .option('--repeats <n>', 'with --folds: deal the data out anew so often; by default once', valueOf(wholeNumber(1)))
    .option(
      '--out-of-fold <file>',
      'with --folds: where to write what was predicted of each sample, .csv, .jsonl or .parquet; by default out-of-fold.jsonl in the folder of the run',
    );
}

/** @throws HeadstartError `usage` for what belongs to folds without them, and for a file of another kind */
export function checkFoldFlags({ folds, repeats, outOfFold, dryRun }: FoldFlags): void {
  const alone = [repeats !== undefined && '--repeats', outOfFold !== undefined && '--out-of-fold'].find(Boolean);
  if (folds === undefined && alone) throw usage(`${alone} needs --folds.`, 'Add --folds 5.');
  if (folds !== undefined && dryRun)
    throw usage('--dry-run shows what one transfer would do, not its folds.', 'Leave out --folds, or --dry-run.');
  if (outOfFold !== undefined) tableFormat('out-of-fold', outOfFold);
}
