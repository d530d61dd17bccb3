import { describe, expect, it } from 'vitest';
import { parseTfjsReference } from './tfjs-reference.ts';

describe('parseTfjsReference', () => {
  it('scales pixels to 0 to 1 where nothing is said', () => {
    expect(parseTfjsReference('./model.json')).toEqual({
      location: './model.json',
      layer: undefined,
      features: undefined,
      size: undefined,
      mean: [0],
      deviation: [255],
      order: undefined,
    });
  });

  it('reads options after the hash', () => {
    expect(
      parseTfjsReference(
        'https://example.org/a/model.json#mean=123.7/116.3/103.5,deviation=58,size=192x224,layer=block_3/add',
      ),
    ).toEqual({
      location: 'https://example.org/a/model.json',
      layer: 'block_3/add',
      features: undefined,
      size: [192, 224],
      mean: [123.7, 116.3, 103.5],
      deviation: [58],
      order: undefined,
    });
    expect(parseTfjsReference('m#size=96').size).toEqual([96, 96]);
    expect(parseTfjsReference('m#features=a/b,c:d,e,order=bgr')).toMatchObject({
      features: ['a/b', 'c:d', 'e'],
      order: 'BGR',
    });
  });

  it.each([
    ['', /names no model/, /tfjs:/],
    ['m#laier=x', /option "laier=x"/, /Did you mean "layer=/],
    ['m#layer', /option "layer"/, /layer, features, size, mean/],
    ['m#features=a,,b', /option ""/, /features/],
    ['m#features=a,b,a', /twice/, /once/],
    ['m#layer=a,features=b,c', /both/, /several maps/],
    ['m#order=grb', /order=grb/, /order=bgr/],
    ['m#size=0', /size=0/, /1 to 4096/],
    ['m#size=99999', /size=99999/, /1 to 4096/],
    ['m#mean=1/2', /mean=1\/2/, /separated by slashes/],
    ['m#mean=x', /mean=x/, /one number/],
    ['m#deviation=0', /deviation of 0/, /other than 0/],
    ['m#size=1,size=2', /size twice/, /once/],
  ])('says what is wrong with %j', (rest, message, hint) => {
    expect(() => parseTfjsReference(rest)).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        message: expect.stringMatching(message) as string,
        hint: expect.stringMatching(hint) as string,
      }) as Error,
    );
  });
});
