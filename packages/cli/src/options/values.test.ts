import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { keyValue, learningRate, memorySize, realNumber, splitShares, wholeNumber } from './values.ts';

const refused = (work: () => unknown) => expect(work).toThrow(InvalidArgumentError);

describe('option values', () => {
  it('takes whole numbers from the least on, and nothing else', () => {
    expect(wholeNumber(0)('0')).toBe(0);
    expect(wholeNumber(1)('12')).toBe(12);
    for (const text of ['0', '-1', '1.5', '1e3', '', ' ', 'three', '9007199254740993', '0x10', 'Infinity'])
      refused(() => wholeNumber(1)(text));
  });

  it('takes numbers within bounds', () => {
    const smoothing = realNumber({ least: 0, below: 1 });
    expect(smoothing('0')).toBe(0);
    expect(smoothing('.1')).toBe(0.1);
    for (const text of ['1', '-0.1', 'NaN', '', 'Infinity', 'a']) refused(() => smoothing(text));
    refused(() => realNumber({ above: 0 })('0'));
  });

  it('takes sizes of memory in decimal and binary units', () => {
    expect(memorySize('4GiB')).toBe(4 * 2 ** 30);
    expect(memorySize('1.5 gb')).toBe(1_500_000_000);
    expect(memorySize('800MiB')).toBe(800 * 2 ** 20);
    expect(memorySize('2147483648')).toBe(2 ** 31);
    for (const text of ['', '4', '4G', '1023KiB', '-1GiB', '0', 'GiB', '1e9', '4 GiB 2', 'Infinity', '9e99GiB'])
      refused(() => memorySize(text));
  });

  it('takes a learning rate or auto', () => {
    expect(learningRate('auto')).toBe('auto');
    expect(learningRate('1e-3')).toBe(0.001);
    for (const text of ['0', '-1', 'fast', '']) refused(() => learningRate(text));
  });

  it('takes shares that add up to 100 with something to train on', () => {
    expect(splitShares('70/10/20')).toEqual([70, 10, 20]);
    expect(splitShares('50/0/50')).toEqual([50, 0, 50]);
    expect(splitShares('33.3/33.3/33.4')).toEqual([33.3, 33.3, 33.4]);
    for (const text of ['70/30', '70/10/10', '0/50/50', '70/-10/40', '70/10/20/0', 'a/b/c', '100//'])
      refused(() => splitShares(text));
  });

  it('collects keys with values that may hold "="', () => {
    expect(keyValue('b=c=d', { a: '1' })).toEqual({ a: '1', b: 'c=d' });
    expect(keyValue('empty=')).toEqual({ empty: '' });
    for (const text of ['=x', 'x', 'a=2']) refused(() => keyValue(text, { a: '1' }));
  });
});
