import { describe, expect, it } from 'vitest';
import { isOfCodes, isOfNumbers, TextsOfNumbers } from './texts-of-numbers.ts';

describe('texts of numbers', () => {
  it.each([
    '17',
    '0 0.5 0.5 0.2 0.2',
    '1e-5, -3.25; +7\n12|13',
    'Car 0.00 0 -1.57 599.41 156.40 629.75 189.25 2.85 2.63',
    '2024-11-28 12:30:05',
    '3/7 50%',
    '1.234.567,89',
    '[8.565e-01, -2.891e-03]',
    '+49 (0)752 7210217',
    '$564.99 €4 -3°',
    '0xf810 0x7822',
    '2026-04-04T12:30:03Z',
    '٠.٢١٧ ٠.٤٢٢',
    '½ ⅓',
  ])('takes %j for one', (text) => {
    expect(isOfNumbers(text)).toBe(true);
    expect(isOfCodes(text)).toBe(true);
  });

  it.each([
    'AB-1234-X',
    'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
    'c498 5460 14d7 face 2e49',
    'Xn1mi8OHI5xt7u4W1kb1jcvyK7/mJYS0LRmF13PNZ5XsxmjdwORLTs91YUT7nquEx==',
    'img_0012.jpg',
    'CC(=O)Oc1ccccc1C(=O)O',
    'B2B',
  ])('takes %j for a code', (text) => {
    expect(isOfNumbers(text)).toBe(false);
    expect(isOfCodes(text)).toBe(true);
  });

  it.each([
    '',
    ' \n',
    'seven',
    '5 stars',
    'call 555 0199 now',
    '👍 👍',
    '第3章',
    '10/10 would buy',
    'a B2B deal',
    'я купил 3 шт',
    '我有3只猫和2只狗',
    '---',
    ':)',
  ])('takes %j for a text', (text) => expect(isOfCodes(text)).toBe(false));

  it('is told where nearly all are, and not where some are', () => {
    const warningOf = (numbers: number, words: number) => {
      const texts = new TextsOfNumbers();
      for (let i = 0; i < numbers; i++) texts.add(`${i} 0.5`, `n${i}`);
      for (let i = 0; i < words; i++) texts.add('in words', `w${i}`);
      return texts.warning();
    };
    expect(warningOf(0, 0)).toBeUndefined();
    expect(warningOf(8, 12)).toBeUndefined();
    expect(warningOf(18, 2)).toMatchObject({
      code: 'texts-of-numbers',
      message: expect.stringContaining('18 of 20 texts') as string,
      samples: Array.from({ length: 10 }, (_, i) => `n${i}`),
    });
  });
});
