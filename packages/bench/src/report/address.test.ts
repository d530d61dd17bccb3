import { describe, expect, it } from 'vitest';
import { addressOf, readAddress } from './address.ts';

describe('the address of a report', () => {
  it.each([
    ['', undefined, undefined],
    ['#cell-0f', 'cell-0f', undefined],
    ['#?strategy=lp-ft', undefined, [['strategy', 'lp-ft']]],
    [
      '#cell-0f?source=hf%3Aa%2Fb&shots=8',
      'cell-0f',
      [
        ['source', 'hf:a/b'],
        ['shots', '8'],
      ],
    ],
  ])('%s is read, and written again', (hash, cell, filters) => {
    const address = readAddress(hash);
    expect([address.cell, address.filters && [...address.filters]]).toEqual([cell, filters]);
    expect(addressOf(address)).toBe(hash);
  });

  it('of another part of the page says nothing of cells', () => {
    expect(readAddress('#verdicts')).toEqual({});
  });

  it('is empty without a cell and filters', () => {
    expect(addressOf({ filters: new URLSearchParams() })).toBe('');
  });
});
