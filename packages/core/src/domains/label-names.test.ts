import { describe, expect, it } from 'vitest';
import { missingNames, nearEqualNames, visibleName } from './label-names.ts';

const nfc = 'caf\u00e9';
const nfd = 'cafe\u0301';

describe('nearEqualNames', () => {
  it.each<[string, string[], string]>([
    ['case', ['Pos', 'neg', 'pos'], 'case'],
    ['case of other scripts', ['\u041a\u041e\u0422', '\u043a\u043e\u0442', 'x'], 'case'],
    ['blanks', ['hot dog', 'x', 'hot  dog '], 'blanks'],
    ['no-break blanks', ['hot dog', 'hot\u00a0dog'], 'blanks'],
    ['zero-width marks', ['cat', '\u200bcat'], 'marks that are not seen'],
    ['byte order marks', ['\ufeffcat', 'cat', 'dog'], 'marks that are not seen'],
    ['NFC and NFD', [nfc, nfd], 'how accents are stored (NFC and NFD)'],
    ['numbers', ['1', '1.0', '2'], 'how a number is written'],
    ['padded numbers', ['01', '1'], 'how a number is written'],
    ['logical values', ['TRUE', 'true', 'FALSE'], 'case'],
    ['closing punctuation', ['yes', 'no', 'yes.'], 'case, blanks or punctuation'],
    ['curly quotes', ['good', 'bad', '“good”'], 'case, blanks or punctuation'],
    ['quotes that point inwards', ['»gut«', 'gut'], 'case, blanks or punctuation'],
    ['quotes that point outwards', ['«bon»', 'bon'], 'case, blanks or punctuation'],
    ['quotes that begin at the foot', ['„fein“', 'fein', 'x'], 'case, blanks or punctuation'],
    ['single quotes of any kind', ['‹bon›', '‚bon‘'], 'case, blanks or punctuation'],
    ['corner brackets', ['「好」', '好'], 'case, blanks or punctuation'],
    ['separators', ['hot_dog', 'Hot-Dog'], 'case, blanks or punctuation'],
    ['full-width letters', ['A', '\uff21'], 'case, blanks or punctuation'],
    ["a file manager's copies", ['cat', 'dog', 'cat - Copy (2)'], "the mark of a file manager's copy"],
    ['copies on other systems', ['cat copy', 'cat'], "the mark of a file manager's copy"],
  ])('finds names that differ in %s', (_, names, differ) => {
    expect(nearEqualNames(names)).toEqual([{ places: expect.any(Array) as number[], differ }]);
    expect(nearEqualNames(names)[0]!.places).toHaveLength(2);
  });

  it('leaves names apart that mean different things', () => {
    for (const names of [
      ['C', 'C++', 'C#'],
      ['1', '-1', '11', '1.5', '15'],
      ['cat', 'cats', 'caterpillar'],
      ['grade (1)', 'grade (2)'],
      ['pos', 'neg'],
      ['?', '!', '-', ''],
      ['cafe', nfc],
      ['v1.0', 'v10'],
    ])
      expect(nearEqualNames(names), String(names)).toEqual([]);
  });
});

describe('missingNames', () => {
  const found = (...names: string[]) => names.filter((_, i) => missingNames(names)[i]);

  it('knows what programs write for no value', () => {
    const names = 'NaN nan null NULL None N/A n/a #N/A ? - -- <NA> undefined (null) NaT nil \\N'.split(' ');
    expect(found(...names, '', '\u200b', 'cat')).toEqual([...names, '', '\u200b']);
    expect(found('unknown', 'nano', 'nullify', 'no', 'other', '0', 'Nancy', 'anna')).toEqual([]);
  });

  it('takes -1 for none where classes are counted from 0 or have words, not where signs are meant', () => {
    expect(found('-1', '0', '1', '2')).toEqual(['-1']);
    expect(found('-1.0', '0.0', '3.0')).toEqual(['-1.0']);
    expect(found('-1', 'cat', 'dog')).toEqual(['-1']);
    expect(found('-1', '1')).toEqual([]);
    expect(found('-1', '0', '1')).toEqual([]);
    expect(found('-2', '-1', '0', '1', '2')).toEqual([]);
  });
});

it('writes names so that what differs is seen', () => {
  expect(visibleName('hot\u00a0dog\u200b\n')).toBe('"hot\\u{a0}dog\\u{200b}\\u{a}"');
  expect(visibleName('hot dog')).toBe('"hot dog"');
});
