import type { Draw } from './draw.ts';
import { NUMBERS, TEXTS } from './hostile.ts';

/** A file with one to four alterations anywhere in it. */
export function mutateBytes(draw: Draw, bytes: Uint8Array): Buffer {
  let altered = Buffer.from(bytes);
  for (let left = 1 + draw.below(4); left > 0; left--) altered = once(draw, altered);
  return altered;
}

/** One bit turned. */
export function flipBit(draw: Draw, bytes: Uint8Array): Buffer {
  const altered = Buffer.from(bytes);
  altered[draw.below(altered.length)]! ^= 1 << draw.below(8);
  return altered;
}

function once(draw: Draw, bytes: Buffer): Buffer<ArrayBuffer> {
  const at = draw.below(bytes.length);
  const before = bytes.subarray(0, at);
  const end = Math.min(bytes.length, at + draw.of([1, 2, 4, 8, 64, 1000]));
  const [run, after] = [bytes.subarray(at, end), bytes.subarray(end)];
  switch (draw.below(9)) {
    case 0:
    case 1:
      return flipBit(draw, bytes) as Buffer<ArrayBuffer>;
    case 2:
      return Buffer.concat([before, draw.bytes(run.length), after]);
    case 3:
      return Buffer.concat([before, Buffer.alloc(run.length, draw.of([0, 0xff, 0x7f, 0x80])), after]);
    case 4:
      return Buffer.concat([before, after]);
    case 5:
      return Buffer.concat([before, ...Array.from({ length: draw.of([2, 10, 200]) }, () => run), after]);
    case 6:
      return Buffer.from(before);
    case 7:
      return Buffer.concat([before, Buffer.from(draw.of([...TEXTS, ...NUMBERS])), after]);
    default:
      return withNumber(draw, bytes, at);
  }
}

const SIZES: readonly bigint[] = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  2n ** 40n,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
];

/** A number of one to eight bytes in the place of what stands there. */
function withNumber(draw: Draw, bytes: Buffer, at: number): Buffer<ArrayBuffer> {
  const number = Buffer.alloc(8);
  number.writeBigUInt64LE(draw.of(SIZES));
  const width = Math.min(draw.of([1, 2, 4, 8]), bytes.length - at);
  const written = number.subarray(0, width);
  if (draw.once(2)) written.reverse();
  const altered = Buffer.from(bytes);
  written.copy(altered, at);
  return altered;
}
