import { describe, expect, it } from 'vitest';
import { mapLayout } from './map-layout.ts';

describe('mapLayout', () => {
  it.each([
    // [shape, picture, channels first in the graph] and [height, width, channels, stride], channels first here
    [[52, 52, 128], [416, 416], true, [52, 52, 128, 8], false],
    [[128, 52, 52], [416, 416], false, [52, 52, 128, 8], true],
    [[52, 26, 13], [416, 208], false, [52, 26, 13, 8], false],
    [[13, 26, 13], [416, 416], false, undefined, false], // twice as high as wide
    [[7, 8, 64], [224, 250], false, [7, 8, 64, 32], false], // 250 / 32 rounded up
    [[7, 7, 7], [224, 224], false, [7, 7, 7, 32], false], // either way: as the picture
    [[7, 7, 7], [224, 224], true, [7, 7, 7, 32], true],
    [[15, 15, 128], [416, 416], false, undefined, false], // padded
    [[128], [416, 416], false, undefined, false],
  ] as const)(
    'reads %j of a picture of %j, channels first: %j',
    (shape, picture, preferFirst, expected, channelsFirst) => {
      const found = mapLayout(shape, picture, preferFirst);
      expect(found && [...found.shape, found.stride]).toEqual(expected);
      if (found) expect(found.channelsFirst).toBe(channelsFirst);
    },
  );
});
