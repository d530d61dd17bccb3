import { describe, expect, it } from 'vitest';
import {
  classWeights,
  namedValues,
  oneOf,
  rateOrAuto,
  realNumber,
  shares,
  valueFromText,
  wholeNumber,
  type ValueKind,
} from './value-kinds.ts';

function refused(kind: ValueKind<unknown>, texts: readonly string[], message: RegExp): void {
  for (const text of texts) {
    const given = expect(() => valueFromText(kind, text), text);
    given.toThrow(RangeError);
    given.toThrow(message);
  }
}

describe('the value of a text', () => {
  it('takes whole numbers from the least on, and nothing else', () => {
    expect(valueFromText(wholeNumber(0), '0')).toBe(0);
    expect(valueFromText(wholeNumber(1), '12')).toBe(12);
    const texts = ['0', '-1', '1.5', '1e3', '', ' ', 'three', '9007199254740993', '0x10', 'Infinity'];
    refused(wholeNumber(1), texts, /^It must be a whole number, 1 or more\.$/);
  });

  it('takes numbers within bounds', () => {
    const smoothing = realNumber({ least: 0, below: 1 });
    expect(valueFromText(smoothing, '0')).toBe(0);
    expect(valueFromText(smoothing, '.1')).toBe(0.1);
    refused(smoothing, ['1', '-0.1', 'NaN', '', 'Infinity', 'a'], /^It must be a number 0 or more and below 1\.$/);
    refused(realNumber({ least: 0 }), ['-1', 'Infinity'], /^It must be a number 0 or more\.$/);
  });

  it('takes a rate or auto', () => {
    expect(valueFromText(rateOrAuto, 'auto')).toBe('auto');
    expect(valueFromText(rateOrAuto, '1e-3')).toBe(0.001);
    refused(rateOrAuto, ['0', '-1', 'fast', ''], /a number above 0, or "auto"/);
  });

  it('takes what classes count: balanced, or weights by label', () => {
    expect(valueFromText(classWeights, 'balanced')).toBe('balanced');
    expect(valueFromText(classWeights, 'cat=2, dog=.5')).toEqual({ cat: 2, dog: 0.5 });
    expect(valueFromText(classWeights, 'a=b=3', { cat: 2 })).toEqual({ cat: 2, 'a=b': 3 });
    expect(valueFromText(classWeights, '{"cat, black": 0}')).toEqual({ 'cat, black': 0 });
    refused(classWeights, ['cat=-1', 'cat=NaN', 'cat=', 'cat=1e999', '{}', '{"cat": "2"}'], /numbers of 0 and more/);
    refused(classWeights, ['', 'cat', '=2', 'cat=1,'], /must read label=weight/);
    refused(classWeights, ['cat=1,cat=2'], /"cat" is given twice/);
    expect(() => valueFromText(classWeights, 'cat=3', { cat: 2 })).toThrow(/"cat" is given twice/);
    expect(() => valueFromText(classWeights, '{"cat": 3}', { cat: 2 })).toThrow(/"cat" is given twice/);
    expect(() => valueFromText(classWeights, 'cat=3', 'balanced')).toThrow(/given once/);
    expect(() => valueFromText(classWeights, 'balanced', { cat: 2 })).toThrow(/given once/);
    refused(classWeights, ['{cat: 2}'], /begins like JSON and is none/);
  });

  it('takes one of a few words', () => {
    expect(valueFromText(oneOf(['a', 'b']), 'b')).toBe('b');
    refused(oneOf(['a', 'b']), ['c', ''], /one of a, b/);
  });

  it('takes shares that add up to 100 with something to train on', () => {
    expect(valueFromText(shares, '70/10/20')).toEqual([70, 10, 20]);
    expect(valueFromText(shares, '50/0/50')).toEqual([50, 0, 50]);
    expect(valueFromText(shares, '33.3/33.3/33.4')).toEqual([33.3, 33.3, 33.4]);
    refused(
      shares,
      ['70/30', '70/10/10', '0/50/50', '70/-10/40', '70/10/20/0', 'a/b/c', '100//'],
      /three percentages that add up to 100/,
    );
  });

  it('collects keys with values that may hold "="', () => {
    expect(valueFromText(namedValues, 'b=c=d', { a: '1' })).toEqual({ a: '1', b: 'c=d' });
    expect(valueFromText(namedValues, 'empty=')).toEqual({ empty: '' });
    refused(namedValues, ['=x', 'x'], /key=value/);
    expect(() => valueFromText(namedValues, 'a=2', { a: '1' })).toThrow(/"a" is given twice/);
  });
});
