import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAtomic } from '@headstart/artifacts/storage';
import { readSafetensors } from './read-safetensors.ts';
import { writeSafetensors } from './write-safetensors.ts';

/** A text with `part` in it. */
const containing = (part: string): unknown => expect.stringContaining(part);

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'headstart-safetensors-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A file laid out by hand: length, header, bytes. */
async function fileOf(header: unknown, bytes: Uint8Array | number, claimed?: bigint): Promise<string> {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(claimed ?? BigInt(json.length));
  const path = join(folder, `${Math.random()}.safetensors`);
  await writeFile(path, Buffer.concat([prefix, json, typeof bytes === 'number' ? Buffer.alloc(bytes) : bytes]));
  return path;
}

describe('writeSafetensors', () => {
  it('writes the bytes that the format prescribes', async () => {
    const path = join(folder, 'golden.safetensors');
    await writeSafetensors(
      path,
      [
        ['b', { dtype: 'U8', shape: [3], data: new Uint8Array([1, 2, 255]) }],
        ['a', { dtype: 'F32', shape: [1, 2], data: new Float32Array([1, -2]) }],
      ],
      { k: 'v' },
    );
    const json =
      '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}';
    const padded = json.padEnd(Math.ceil(json.length / 8) * 8, ' ');
    const expected = Buffer.concat([
      Buffer.from([padded.length, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.from(padded),
      // 1 is 0x3f800000, -2 is 0xc0000000
      Buffer.from([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 1, 2, 255]),
    ]);
    expect(await readFile(path)).toEqual(expected);
  });

  it('gives the same bytes whatever the order of tensors and metadata', async () => {
    const a = ['a', { dtype: 'I64', shape: [], data: new BigInt64Array([-5n]) }] as const;
    const z = ['z', { dtype: 'F64', shape: [2], data: new Float64Array([0.1, 1e300]) }] as const;
    const one = join(folder, 'one.safetensors');
    const two = join(folder, 'two.safetensors');
    await writeSafetensors(one, [a, z], { x: '1', y: '2' });
    await writeSafetensors(two, [z, a], { y: '2', x: '1' });
    expect(await readFile(one)).toEqual(await readFile(two));
    const { tensors, metadata } = await readSafetensors(one);
    expect(metadata).toEqual({ x: '1', y: '2' });
    expect(await tensors.get('a')!.read()).toEqual(new BigInt64Array([-5n]));
    expect(await tensors.get('z')!.read()).toEqual(new Float64Array([0.1, 1e300]));
  });

  it('writes views by their own part of the buffer, and tensors without elements', async () => {
    const path = join(folder, 'views.safetensors');
    const all = new Int16Array([9, 8, 7, 6]);
    await writeSafetensors(path, [
      ['view', { dtype: 'I16', shape: [2], data: all.subarray(1, 3) }],
      ['none', { dtype: 'I32', shape: [0, 4], data: new Int32Array() }],
    ]);
    const { tensors } = await readSafetensors(path);
    expect(await tensors.get('view')!.read()).toEqual(new Int16Array([8, 7]));
    expect(tensors.get('none')!.shape).toEqual([0, 4]);
    expect(await tensors.get('none')!.read()).toEqual(new Int32Array());
  });

  it('refuses values that do not fill the shape, and a name given twice', async () => {
    const tensor = { dtype: 'F32', shape: [2], data: new Float32Array(2) } as const;
    const path = join(folder, 'refused.safetensors');
    await expect(writeSafetensors(path, [['a', { ...tensor, shape: [3] }]])).rejects.toMatchObject({
      code: 'invalid-option',
    });
    await expect(
      writeSafetensors(path, [
        ['a', tensor],
        ['a', tensor],
      ]),
    ).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('writeAtomic', () => {
  it.skipIf(process.platform !== 'linux')(
    'leaves the old content and nothing else when the device is full',
    async () => {
      const own = await mkdtemp(join(folder, 'full-'));
      const path = join(own, 'weights');
      await writeAtomic(path, 'old');
      const writing = writeAtomic(path, async (handle) => {
        await handle.write('half of the new');
        const full = await open('/dev/full', 'w');
        await full.write('the rest').finally(() => full.close());
      });
      await expect(writing).rejects.toMatchObject({ code: 'storage-full' });
      expect(await readdir(own)).toEqual(['weights']);
      expect(await readFile(path, 'utf8')).toBe('old');
    },
  );
});

describe('readSafetensors', () => {
  it('decodes half and brain floats exactly', async () => {
    // binary16: 1.5, -2, smallest subnormal 2^-24, largest subnormal 1023 * 2^-24, 65504, -infinity, -0
    const halves = new Uint16Array([0x3e00, 0xc000, 0x0001, 0x03ff, 0x7bff, 0xfc00, 0x8000, 0x7e00]);
    const brains = new Uint16Array([0x3fc0, 0xc000, 0x7f80]);
    const bytes = Buffer.concat([Buffer.from(halves.buffer), Buffer.from(brains.buffer)]);
    const path = await fileOf(
      {
        h: { dtype: 'F16', shape: [8], data_offsets: [0, 16] },
        b: { dtype: 'BF16', shape: [3], data_offsets: [16, 22] },
      },
      bytes,
    );
    const { tensors } = await readSafetensors(path);
    expect([...(await tensors.get('h')!.read())]).toEqual([
      1.5,
      -2,
      2 ** -24,
      1023 * 2 ** -24,
      65504,
      -Infinity,
      -0,
      NaN,
    ]);
    expect([...(await tensors.get('b')!.read())]).toEqual([1.5, -2, Infinity]);
  });

  it('reads only the range of the tensor that is asked for', async () => {
    const path = await fileOf(
      { a: { dtype: 'U8', shape: [4], data_offsets: [0, 4] }, b: { dtype: 'U8', shape: [4], data_offsets: [4, 8] } },
      Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]),
    );
    const { tensors } = await readSafetensors(path);
    // With the file cut after the first tensor, that one is still there and the second is not.
    const handle = await open(path, 'r+');
    await handle.truncate((await handle.stat()).size - 4);
    await handle.close();
    expect(await tensors.get('a')!.read()).toEqual(new Uint8Array([1, 2, 3, 4]));
    await expect(tensors.get('b')!.read()).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  });

  const f32 = (begin: number, end: number, shape: unknown = [(end - begin) / 4]) => ({
    dtype: 'F32',
    shape,
    data_offsets: [begin, end],
  });
  it.each<[string, unknown, number, bigint?]>([
    ['a header longer than the file', '{}', 0, 1000n],
    ['a header of more than 100 MB', '{}', 0, 100_000_001n],
    ['a header length beyond all numbers', '{}', 0, 2n ** 64n - 1n],
    ['a header that is not JSON', '{"a":', 4],
    ['a header that is a list', '[]', 0],
    ['an unknown type', { a: { dtype: 'F128', shape: [1], data_offsets: [0, 16] } }, 16],
    ['a type that every object has', { a: { dtype: 'toString', shape: [1], data_offsets: [0, 4] } }, 4],
    ['offsets that do not fit the shape', { a: f32(0, 8, [3]) }, 8],
    ['offsets beyond the file', { a: f32(0, 4000) }, 8],
    ['offsets in the wrong order', { a: f32(4, 0) }, 8],
    ['negative offsets', { a: f32(-4, 0, [1]) }, 8],
    ['an overlap', { a: f32(0, 8), b: f32(4, 12) }, 12],
    ['a hole', { a: f32(0, 4), b: f32(8, 12) }, 12],
    ['bytes after the last tensor', { a: f32(0, 4) }, 8],
    ['a shape whose product overflows', { a: f32(0, 4, [2 ** 40, 2 ** 40]) }, 4],
    ['a shape with a fraction', { a: f32(0, 4, [0.5, 2]) }, 4],
    [
      'a tensor given twice',
      '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}',
      4,
    ],
    [
      'a tensor given twice in other signs',
      '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"\\u0061" :{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}',
      4,
    ],
    ['offsets given twice', '{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8],"data_offsets":[0,4]}}', 4],
    ['metadata given twice', '{"__metadata__":{},"__metadata__":{"a":"b"}}', 0],
    ['an entry that is null', { a: null }, 0],
    ['metadata that is not text', { __metadata__: { a: 1 } }, 0],
  ])('refuses %s', async (_, header, bytes, claimed) => {
    const path = await fileOf(header, bytes, claimed);
    await expect(readSafetensors(path)).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: containing(path),
    });
  });

  it('takes names that differ, also within texts and in other objects', async () => {
    const header =
      '{"__metadata__":{"a":"{\\"a\\":1,\\"a\\":2}","b":""},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[],"data_offsets":[4,5]}}';
    const { tensors } = await readSafetensors(await fileOf(header, 5));
    expect([...tensors.keys()]).toEqual(['a', 'b']);
  });

  it('refuses a file of a few bytes, and names one that is missing', async () => {
    const path = join(folder, 'short');
    await writeFile(path, 'abc');
    await expect(readSafetensors(path)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    await expect(readSafetensors(join(folder, 'missing'))).rejects.toMatchObject({ code: 'storage-failed' });
  });
});
