import { splitTarget } from '@headstart/core/readers';
import { refusalOf } from '@headstart/core/testing';
import { describe, expect, it } from 'vitest';
import { DataFolder, options, roles, warned } from './data-folder.test.support.ts';
import { textTable } from './text-table.ts';

const folder = new DataFolder();
const table = (...weights: readonly string[]) =>
  `text,label,how much\n${weights.map((weight, i) => `"sentence number ${i} is here",${i % 2 ? 'a' : 'b'},${weight}`).join('\n')}\n`;
const weighed = { 'weight-column': 'how much' };

describe('the option weight-column', () => {
  it('names the column of what rows count; without it none does', async () => {
    const data = await folder.read('r.csv', table('0.5', '2', '0', '1'), weighed);
    expect(data.samples.map(({ sample }) => sample.weight)).toEqual([0.5, 2, 0, 1]);
    expect(roles(data)).toEqual({ text: 'text', label: 'label', 'how much': 'weight' });
    const plain = await folder.read('r.csv', table('0.5', '2', '0', '1'));
    expect(plain.samples.every(({ sample }) => sample.weight === undefined)).toBe(true);
    const fingerprint = (of: typeof data) => splitTarget(of, { shares: [100, 0, 0], seed: 0 }).fingerprint;
    expect(fingerprint(data)).not.toBe(fingerprint(plain));
    expect(warned(data)).toEqual(warned(plain));
  });

  it('is meant of each table of a folder', async () => {
    await folder.put('set/train.csv', table('1', '3'));
    await folder.put('set/test.csv', table('5', '7'));
    const data = await textTable.read(`${folder.root}/set`, { ...options, options: weighed });
    expect(data.samples.map(({ sample }) => sample.weight).sort()).toEqual([1, 3, 5, 7]);
  });

  it.each(['-1', 'NaN', 'heavy', '', 'inf'])('refuses "%s" with its row and what to do', async (weight) => {
    await refusalOf(
      folder.read('r.csv', table('1', weight), weighed),
      'label-invalid',
      'r.csv, line 3',
      weight === '' ? 'empty' : weight,
      'a number of 0 or more',
    );
  });

  it('refuses a column that is not there, or is something else', async () => {
    const given = (column: string) => folder.read('r.csv', table('1', '1'), { 'weight-column': column });
    await refusalOf(given('how many'), 'invalid-option', 'how many', 'how much');
    const twice = { 'weight-column': 'label', 'label-column': 'label' };
    await refusalOf(folder.read('r.csv', table('1', '1'), twice), 'invalid-option', 'label');
  });
});
