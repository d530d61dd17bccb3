import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { differing, tensorDigests, wholeDigest } from './tensor-digests.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-digests-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The digests of a file written by hand: eight bytes of header length, the header, the bytes. */
async function digests(header: object, data: readonly number[]): Promise<ReadonlyMap<string, string>> {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const path = join(folder, 'x.safetensors');
  await writeFile(path, Buffer.concat([length, json, Buffer.from(data)]));
  return tensorDigests(path);
}

const bytes = (shape: readonly number[], begin: number, end: number, dtype = 'U8') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

it('covers name, type, shape and bytes of each tensor', async () => {
  const expected = createHash('sha256').update('["a","U8",[2]]').update(Buffer.of(1, 2)).digest('hex');
  expect(await digests({ a: bytes([2], 0, 2) }, [1, 2])).toEqual(new Map([['a', expected]]));
});

it('is the same whatever the metadata and the order', async () => {
  const one = await digests({ __metadata__: { run: 'one' }, a: bytes([2], 0, 2), b: bytes([1], 2, 3) }, [1, 2, 3]);
  const other = await digests({ b: bytes([1], 0, 1), a: bytes([2], 1, 3), __metadata__: { run: 'two' } }, [3, 1, 2]);
  expect(differing(one, other)).toEqual([]);
  expect(wholeDigest(one)).toBe(wholeDigest(other));
});

it.each([
  ['a byte', { a: bytes([2], 0, 2), b: bytes([1], 2, 3) }, [1, 2, 4], ['b']],
  ['a shape', { a: bytes([1, 2], 0, 2), b: bytes([1], 2, 3) }, [1, 2, 3], ['a']],
  ['a type', { a: bytes([2], 0, 2), b: bytes([1], 2, 3, 'I8') }, [1, 2, 3], ['b']],
  ['a name', { a: bytes([2], 0, 2), c: bytes([1], 2, 3) }, [1, 2, 3], ['b', 'c']],
  ['a tensor fewer', { a: bytes([2], 0, 2) }, [1, 2], ['b']],
])('differs by %s', async (_what, header, data, names) => {
  const one = await digests({ a: bytes([2], 0, 2), b: bytes([1], 2, 3) }, [1, 2, 3]);
  const other = await digests(header, data);
  expect(differing(one, other)).toEqual(names);
  expect(wholeDigest(one)).not.toBe(wholeDigest(other));
});
