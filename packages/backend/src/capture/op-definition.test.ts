import { describe, expect, it } from 'vitest';
import { decodeOpDefinition } from './op-definition.ts';

const text = (field: number, value: string) => [(field << 3) | 2, value.length, ...Buffer.from(value)];
const nested = (field: number, bytes: number[]) => [(field << 3) | 2, bytes.length, ...bytes];

describe('the definition of an op', () => {
  it('tells lists of one type, lists of several types and single tensors apart', () => {
    const bytes = Uint8Array.from([
      ...text(1, 'Example'),
      ...nested(2, [...text(1, 'values'), ...text(4, 'T'), ...text(5, 'N')]),
      ...nested(2, [...text(1, 'axis'), ...text(4, 'Tidx')]),
      ...nested(2, [...text(1, 'data'), ...text(6, 'Tin')]),
      ...nested(3, text(1, 'output')),
    ]);
    expect(decodeOpDefinition(bytes)).toEqual({
      inputs: [{ numberAttribute: 'N' }, {}, { typesAttribute: 'Tin' }],
      stateful: false,
    });
  });

  it('reads that an op keeps state, whose field number takes two bytes', () => {
    expect(decodeOpDefinition(Uint8Array.of(0x88, 0x01, 0x01))).toEqual({ inputs: [], stateful: true });
  });

  it('refuses bytes that end early', () => {
    expect(() => decodeOpDefinition(Uint8Array.of(0x88))).toThrow(RangeError);
  });
});
