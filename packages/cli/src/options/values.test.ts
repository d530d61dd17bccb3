import { InvalidArgumentError } from 'commander';
import { expect, it } from 'vitest';
import { wholeNumber } from '@headstart/core/options';
import { memorySize, valueOf } from './values.ts';

it('takes values of a kind, and reports others to commander', () => {
  expect(valueOf(wholeNumber(1))('12')).toBe(12);
  expect(() => valueOf(wholeNumber(1))('0')).toThrow(new InvalidArgumentError('It must be a whole number, 1 or more.'));
});

it('takes sizes of memory in decimal and binary units', () => {
  expect(memorySize('4GiB')).toBe(4 * 2 ** 30);
  expect(memorySize('1.5 gb')).toBe(1_500_000_000);
  expect(memorySize('800MiB')).toBe(800 * 2 ** 20);
  expect(memorySize('2147483648')).toBe(2 ** 31);
  for (const text of ['', '4', '4G', '1023KiB', '-1GiB', '0', 'GiB', '1e9', '4 GiB 2', 'Infinity', '9e99GiB'])
    expect(() => memorySize(text), text).toThrow(InvalidArgumentError);
});
