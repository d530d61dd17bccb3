import { describe, expect, it } from 'vitest';
import { parseReference } from './reference-options.ts';

const parse = (rest: string) => parseReference('sheme', rest, { pooling: ['mean', 'cls'], normalise: ['yes', 'no'] }, 'sheme:x');

describe('parseReference', () => {
  it('takes options apart and fills in the rest', () => {
    expect(parse('./a/b')).toEqual({ location: './a/b', options: { pooling: 'mean', normalise: 'yes' } });
    expect(parse('./a#normalise=no,pooling=cls')).toEqual({ location: './a', options: { pooling: 'cls', normalise: 'no' } });
  });

  it.each([
    ['x#poling=cls', /has the option "poling"/, /Did you mean "pooling"\?/],
    ['x#pooling=max', /has pooling=max/, /Choose one of mean, cls\./],
    ['x#pooling', /has pooling=\./, /Choose one of mean, cls\./],
    ['x#pooling=cls,pooling=mean', /gives pooling twice/, /sheme:x/],
    ['x#', /has the option ""/, /Choose one of pooling, normalise\./],
  ])('refuses %s', (rest, message, hint) => {
    expect(() => parse(rest)).toThrow(message);
    try {
      parse(rest);
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid-option', hint: expect.stringMatching(hint) as string });
    }
  });
});
