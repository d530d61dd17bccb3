import { describe, expect, it } from 'vitest';
import { findSplitColumn } from './split-column.ts';

type Options = Readonly<Record<string, string>>;

function found(header: string[], rows: unknown[][], options: Options = {}) {
  return findSplitColumn({ table: { columns: header }, file: 'data.csv', options, choose: 'split-column', rows });
}

/** What each row is of: the split, nothing, or the fault. */
function splits(header: string[], rows: unknown[][], options: Options = {}) {
  const { column } = found(header, rows, options);
  return column && rows.map((row) => column.splitOf(row)).map(({ split, fault }) => split ?? fault);
}

describe('the column of splits', () => {
  it('is called split or subset, whatever its cells hold', () => {
    expect(
      splits(
        ['path', 'Split'],
        [
          ['a', 'train'],
          ['b', ' TEST '],
          ['c', ''],
        ],
      ),
    ).toEqual(['train', 'test', undefined]);
    expect(splits(['subset'], [['good']])).toEqual(['the split "good" is not one of train, validation (or val), test']);
    expect(() => found(['split', 'subset'], [])).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });

  it('has another name where its cells name splits, and is none where they do not', () => {
    for (const name of ['set', 'data set', 'dataset', 'data_set', 'Usage', 'ml_use', 'partition'])
      expect(splits([name], [['train'], ['test']])).toEqual(['train', 'test']);
    expect(splits(['ml_use'], [['TRAIN'], ['UNASSIGNED']])).toEqual(['train', undefined]);
    expect(found(['set', 'dataset'], [['red', 'imdb']])).toEqual({ warnings: [] });
    // A word that some rows have beside names of splits is no reason to train on all of them.
    expect(splits(['set'], [['train'], ['extra']])).toEqual(['train', expect.stringContaining('"extra"')]);
    expect(() => found(['set', 'usage'], [['train', 'test']])).toThrow(
      expect.objectContaining({ message: expect.stringContaining('set, usage') as string }),
    );
  });

  it('has any name but that of a label where all its cells are words for splits, one of them to train on', () => {
    for (const name of ['fold_name', 'Split Type', 'my_split', 'dataset_split_name'])
      expect(splits([name], [['trn'], ['tst']])).toEqual(['train', 'test']);
    expect(splits(['origin'], [['TRAIN'], ['dev'], [''], ['test']])).toEqual([
      'train',
      'validation',
      undefined,
      'test',
    ]);
    for (const words of [
      ['train', 'bus'],
      ['test', 'eval'],
      ['train', 'training'],
    ])
      expect(
        splits(
          ['origin'],
          words.map((word) => [word]),
        ),
      ).toBeUndefined();
    expect(splits(['label'], [['train'], ['test']])).toBeUndefined();
  });

  it('may be flags, of text, numbers or truth values', () => {
    expect(splits(['is_valid'], [['True'], ['False'], [true], [0], ['']])).toEqual([
      'validation',
      'train',
      'validation',
      'train',
      undefined,
    ]);
    expect(splits(['is_train'], [['1'], ['0']])).toEqual(['train', 'test']);
    expect(
      splits(
        ['is_valid', 'is_test'],
        [
          ['0', '0'],
          ['1', '0'],
          ['0', '1'],
          ['1', '1'],
        ],
      ),
    ).toEqual(['train', 'validation', 'test', 'the columns is_valid, is_test do not agree on a split']);
    const flags = ['is_train', 'is_valid', 'is_test'];
    expect(
      splits(flags, [
        ['0', '1', '0'],
        ['1', '0', '0'],
        ['0', '0', '0'],
      ]),
    ).toEqual(['validation', 'train', 'the columns is_train, is_valid, is_test do not agree on a split']);
    expect(splits(['is_valid'], [['maybe']])).toEqual(['"maybe" in the column "is_valid" is neither true nor false']);
  });

  it('warns of a column that divides the data by other words, and reads it where the words are explained', () => {
    const rows = [['0'], ['1'], ['2']];
    expect(found(['fold'], rows)).toEqual({
      warnings: [
        expect.objectContaining({
          code: 'split-values',
          message: 'The column "fold" holds 0, 1, 2, which names no splits: it is not used.',
          hint: expect.stringContaining('split-column=fold --reader-option test-values=2') as string,
        }),
      ],
    });
    expect(found(['fold'], rows, { 'split-column': 'none' })).toEqual({ warnings: [] });
    const options = { 'split-column': 'fold', 'test-values': '2', 'validation-values': '1' };
    expect(splits(['fold'], rows, options)).toEqual(['train', 'validation', 'test']);
    expect(
      splits(['Usage'], [['Training'], ['PrivateTest'], ['test']], { 'test-values': 'PrivateTest, Later' }),
    ).toEqual(['train', 'test', 'test']);
    expect(() => found(['path'], [], { 'test-values': '1' })).toThrow(
      expect.objectContaining({ message: expect.stringContaining('test-values') as string }),
    );
  });

  it('is the one asked for, or none', () => {
    expect(splits(['set', 'kind'], [['train', 'test']], { 'split-column': 'kind' })).toEqual(['test']);
    expect(found(['split'], [['nonsense']], { 'split-column': 'none' })).toEqual({ warnings: [] });
    expect(splits(['none'], [['test']], { 'split-column': 'none' })).toEqual(['test']);
    expect(() => found(['split'], [], { 'split-column': 'part' })).toThrow('no column "part"');
  });
});
