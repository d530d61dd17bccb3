import { describe, expect, it } from 'vitest';
import { indicatorColumns, labelCells } from './label-column.ts';

describe('labelCells', () => {
  const of = (value: unknown, options = {}) => labelCells(0, options).labelsOf([value]);

  it('gives a name, or several for a list in any writing', () => {
    expect(of(' good ')).toEqual({ one: 'good' });
    expect([1, 10n, true].map((value) => of(value))).toEqual([{ one: '1' }, { one: '10' }, { one: 'true' }]);
    for (const value of [['a', 'b', 'a'], '["a","b"]', "['a', 'b']", { choices: ['a', 'b'] }])
      expect(of(value)).toEqual({ several: ['a', 'b'] });
    expect(of([])).toEqual({ several: [] });
  });

  it('keeps whole numbers apart that a float64 does not hold', () => {
    expect([2n ** 53n, 2n ** 53n + 1n].map((value) => of(value))).toEqual([
      { one: '9007199254740992' },
      { one: '9007199254740993' },
    ]);
  });

  it('knows a missing label, and words that only look like one', () => {
    for (const value of ['', '  ', null, undefined, NaN]) expect(of(value)).toEqual({ missing: 'the label is empty' });
    expect(of('NaN')).toEqual({ one: 'NaN' });
  });

  it('takes cells apart where that is asked for, empty ones for none', () => {
    expect(of('b; a;', { separator: ';' })).toEqual({ several: ['b', 'a'] });
    expect(of(null, { separator: ';' })).toEqual({ several: [] });
  });

  it('names classes that are numbers', () => {
    const classNames = ['neg', 'pos'];
    expect(of(1, { classNames })).toEqual({ one: 'pos' });
    expect(of([0n, 1], { classNames })).toEqual({ several: ['neg', 'pos'] });
    expect(of(-1, { classNames })).toEqual({ missing: 'the label is -1' });
    expect(of(2, { classNames })).toEqual({ fault: expect.stringContaining('2 classes') as string });
  });

  it('refuses what names nothing', () => {
    expect(of({ x: 1 })).toEqual({ fault: 'the label is of type object' });
    expect(of([[0, 5, 'PER']])).toEqual({ fault: 'the label is a list of lists' });
    expect(of(['a', ''])).toEqual({ fault: 'a label in the list is empty' });
  });
});

describe('indicatorColumns', () => {
  const of = (...values: unknown[]) => indicatorColumns([1, 2], ['text', 'joy', 'fear']).labelsOf(['x', ...values]);

  it('names the columns with a one', () => {
    expect(of('1', '0')).toEqual({ several: ['joy'] });
    expect(of(1.0, '1.0')).toEqual({ several: ['joy', 'fear'] });
    expect(of(0, 0n)).toEqual({ several: [] });
  });

  it('knows rows that nobody has labelled, and values that are neither', () => {
    expect(of('-1', '-1')).toEqual({ missing: 'the label "joy" is empty or -1' });
    expect(of('1', '')).toEqual({ missing: 'the label "fear" is empty or -1' });
    expect(of('3', '0')).toEqual({ fault: '"joy" is "3" where other rows have 0 or 1' });
  });
});
