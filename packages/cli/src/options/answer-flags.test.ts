import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addDecisionOptions, decisionOf, type DecisionFlags } from './decision-options.ts';
import { addFoldOptions, checkFoldFlags, type FoldFlags } from './fold-options.ts';

function flagsOf<Flags extends object>(add: (command: Command) => Command, ...args: string[]): Flags {
  const command = add(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse(args, { from: 'user' }).opts<Flags>();
}

it('reads thresholds by label, whatever is in its name, and a probability to abstain below', () => {
  const decision = (...args: string[]) => decisionOf(flagsOf<DecisionFlags>(addDecisionOptions, ...args));
  expect(decision()).toEqual({});
  expect(decision('--threshold', 'a=b=0.25', '--threshold', 'c=0', '--abstain-below', '.6')).toEqual({
    decision: { thresholds: { 'a=b': 0.25, c: 0 }, abstainBelow: 0.6 },
  });
  expect(() => decision('--threshold', 'sport=2')).toThrow(/It must be a number 0 or more and below 1/);
  expect(() => decision('--threshold', 'sport')).toThrow(/It must read label=0\.4/);
  expect(() => decision('--threshold', 'a=0.1', '--threshold', 'a=0.2')).toThrow(/"a" is given twice/);
  expect(() => decision('--abstain-below', '1')).toThrow(/below 1/);
});

it('takes what belongs to folds with them alone', () => {
  const check = (...args: string[]) => checkFoldFlags(flagsOf<FoldFlags>(addFoldOptions, ...args));
  expect(() => check('--folds', '5', '--repeats', '3', '--out-of-fold', 'x.parquet')).not.toThrow();
  expect(() => check('--folds', '1')).toThrow(/a whole number, 2 or more/);
  expect(() => check('--repeats', '3')).toThrow('--repeats needs --folds.');
  expect(() => check('--out-of-fold', 'x.csv')).toThrow('--out-of-fold needs --folds.');
  expect(() => check('--folds', '5', '--out-of-fold', 'x.xlsx')).toThrow(/not named as one/);
});
