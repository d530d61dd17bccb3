import { describe, expect, it } from 'vitest';
import { parseSourceReference } from './source-reference.ts';

const parse = (rest: string) =>
  parseSourceReference(
    { scheme: 'sheme', options: ['pooling', 'normalise', 'maps'], lists: ['maps'], example: 'sheme:x#pooling=cls' },
    rest,
  );

describe('parseSourceReference', () => {
  it('takes location and options apart', () => {
    expect(parse('./a/b')).toMatchObject({ location: './a/b', options: new Map() });
    expect(parse('https://h/a?b=c#normalise=no,pooling=a=b')).toMatchObject({
      location: 'https://h/a?b=c',
      options: new Map([
        ['normalise', 'no'],
        ['pooling', 'a=b'],
      ]),
    });
    expect(parse('x#maps=a/b,c:d,e,pooling=cls').options).toEqual(
      new Map([
        ['maps', 'a/b,c:d,e'],
        ['pooling', 'cls'],
      ]),
    );
  });

  it('gives an option that is one of a few', () => {
    const reference = parse('x#pooling=maen');
    expect(reference.choice('normalise', ['yes', 'no'])).toBeUndefined();
    expect(parse('x#normalise=no').choice('normalise', ['yes', 'no'])).toBe('no');
    expect(() => reference.choice('pooling', ['mean', 'cls'])).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        message: 'The source "sheme:x#pooling=maen" has pooling=maen.',
        hint: 'Did you mean "mean"? Choose one of mean, cls.',
      }) as Error,
    );
  });

  it.each([
    ['', /names no model/, /sheme:x#pooling=cls/],
    ['#pooling=cls', /names no model/, /sheme:x/],
    ['x#poling=cls', /option "poling=cls"/, /Did you mean "pooling=…"\? Options are pooling, normalise, maps/],
    ['x#pooling', /option "pooling"/, /^Options are/],
    ['x#pooling=', /option "pooling="/, /^Options are/],
    ['x#', /option ""/, /^Options are/],
    ['x#maps=a,,b', /option ""/, /^Options are/],
    ['x#pooling=cls,b', /option "b"/, /Options are/],
    ['x#pooling=cls,pooling=mean', /gives pooling twice/, /once/],
  ])('says what is wrong with %j', (rest, message, hint) => {
    expect(() => parse(rest)).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        message: expect.stringMatching(message) as string,
        hint: expect.stringMatching(hint) as string,
      }) as Error,
    );
  });
});
