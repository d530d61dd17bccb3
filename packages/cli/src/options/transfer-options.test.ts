import { Command } from 'commander';
import { expect, it } from 'vitest';
import { transferOptions } from '@headstart/core/options';
import { addTransferOptions, transferRequest } from './transfer-options.ts';

/** The request that a command line of `train` comes to. */
function requestOf(...args: string[]) {
  const command = addTransferOptions(new Command('train').argument('<target>'));
  command.exitOverride().configureOutput({ writeErr: () => {} });
  command.parse(['photos', ...args], { from: 'user' });
  return transferRequest('photos', command.opts());
}

it('brings every option of a transfer from its flag to the request', () => {
  const given: { readonly [Name in keyof typeof transferOptions]: readonly [unknown, ...string[]] } = {
    adapt: ['others', '--adapt', 'others'],
    judge: ['test', '--judge', 'test'],
    task: ['t', '--task', 't'],
    source: ['s', '--source', 's'],
    keepClasses: [true, '--keep-classes'],
    strategy: ['lora:8', '--strategy', 'lora:8'],
    reader: ['r', '--reader', 'r'],
    readerOptions: [{ a: '1', b: '2' }, '--reader-option', 'a=1', '--reader-option', 'b=2'],
    skipBad: [true, '--skip-bad'],
    clean: [['duplicates', 'imbalance'], '--clean', 'duplicates,imbalance'],
    strict: [true, '--strict'],
    epochs: [3, '--epochs', '3'],
    steps: [300, '--steps', '300'],
    batchSize: [16, '--batch', '16'],
    seed: [7, '--seed', '7'],
    shots: [5, '--shots', '5'],
    split: [[80, 10, 10], '--split', '80/10/10'],
    groupColumn: ['patient', '--group-column', 'patient'],
    groupBy: ['^(v\\d+)_', '--group-by', '^(v\\d+)_'],
    learningRate: ['auto', '--learning-rate', 'auto'],
    weightDecay: [0.1, '--weight-decay', '.1'],
    labelSmoothing: [0.2, '--label-smoothing', '0.2'],
    classWeights: [{ cat: 2, 'dog=x': 0.5 }, '--class-weights', 'cat=2', '--class-weights', 'dog=x=0.5'],
    sampling: ['balanced', '--sampling', 'balanced'],
    ema: [0.99, '--ema', '0.99'],
    precision: ['mixed', '--precision', 'mixed'],
    patience: [2, '--patience', '2'],
    select: ['nuclear-norm', '--select', 'nuclear-norm'],
    augmentation: ['light', '--augmentation', 'light'],
    views: [4, '--views', '4'],
    calibrate: ['none', '--calibrate', 'none'],
    tuneThresholds: [true, '--tune-thresholds'],
    abstainBelow: [0.6, '--abstain-below', '0.6'],
    out: ['runs/x', '--out', 'runs/x'],
    standalone: [true, '--standalone'],
    checkpointEvery: [10, '--checkpoint-every', '10'],
  };
  const expected = Object.fromEntries(Object.entries(given).map(([name, [value]]) => [name, value]));
  const request = requestOf(...Object.values(given).flatMap(([, ...args]) => args));
  expect(request).toEqual({ target: 'photos', ...expected });
  expect(Object.keys(given)).toEqual(Object.keys(transferOptions));
});

it('asks for nothing that was not given', () => {
  expect(requestOf()).toEqual({ target: 'photos' });
  expect(() => requestOf('--label-smoothing', '1')).toThrow(
    /--label-smoothing .* must be a number 0 or more and below 1/,
  );
});
