import { describe, expect, it } from 'vitest';
import { parseReference } from './reference-options.ts';

const parse = (rest: string) =>
  parseReference({ scheme: 'sheme', example: 'sheme:x' }, rest, { pooling: ['mean', 'cls'], normalise: ['yes', 'no'] });

describe('parseReference', () => {
  it('takes options apart and fills in the rest', () => {
    expect(parse('./a/b')).toEqual({ location: './a/b', options: { pooling: 'mean', normalise: 'yes' } });
    expect(parse('./a#normalise=no,pooling=cls')).toEqual({
      location: './a',
      options: { pooling: 'cls', normalise: 'no' },
    });
  });

  it('refuses other options and values', () => {
    expect(() => parse('x#poling=cls')).toThrow(/has the option "poling=cls"/);
    expect(() => parse('x#pooling=max')).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        message: expect.stringContaining('has pooling=max') as string,
        hint: expect.stringContaining('Choose one of mean, cls.') as string,
      }) as Error,
    );
  });
});
