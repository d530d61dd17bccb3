import { describe, expect, it } from 'vitest';
import { heardOptions } from './heard-options.ts';

describe('heardOptions', () => {
  it('warns of an option that nobody looked at, with the nearest one that was looked for', () => {
    const { options, unheard } = heardOptions({ 'class-dept': '2' });
    expect(options['class-depth'] ?? options['ignore']).toBeUndefined();
    expect(unheard('image-folder')).toEqual([
      {
        code: 'unused-reader-options',
        message: 'The reader image-folder did not use class-dept=2.',
        hint: 'Did you mean class-depth? It looked for class-depth, ignore.',
        samples: [],
      },
    ]);
  });

  it('says nothing of options that were looked at, one by one, as a whole, or for being there', () => {
    const one = heardOptions({ a: '1' });
    expect(one.options['a']).toBe('1');
    const whole = heardOptions({ a: '1', b: '2' });
    expect({ ...whole.options }).toEqual({ a: '1', b: '2' });
    const there = heardOptions({ a: '1' });
    expect('a' in there.options).toBe(true);
    expect([one, whole, there].flatMap(({ unheard }) => unheard('x'))).toEqual([]);
  });

  it('says where a reader has no options', () => {
    expect(heardOptions({ a: '1' }).unheard('x')).toMatchObject([{ hint: 'It has no options here: leave it out.' }]);
  });
});
