import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { keep, scalar } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Reader } from '../domains/reader.ts';
import type { ReadSample, Sample } from '../domains/target-domain.ts';
import { checkReader, type ReaderCheck } from './check-reader.ts';

/** Folders of one label each, with one number in each file. */
const sound: Reader = {
  id: 'number-folders',
  modality: 'number',
  description: 'Folders of numbers',
  task: 'number-classification',
  async detect(path) {
    const labels = await readdir(path).catch(() => []);
    const first = labels.length === 0 ? [] : await readdir(join(path, labels.sort()[0]!)).catch(() => []);
    return first.some((name) => name.endsWith('.number')) ? 0.9 : 0;
  },
  async read(path) {
    const labels = (await readdir(path).catch((cause: unknown) => Promise.reject(notThere(path, cause)))).sort();
    const samples: ReadSample[] = [];
    for (const [label, name] of labels.entries())
      for (const file of (await readdir(join(path, name))).sort()) {
        const content = await readFile(join(path, name, file), 'utf8');
        if (!/^\d+$/.test(content))
          throw new HeadstartError({ code: 'sample-unreadable', message: `${file} is no number.`, hint: 'Write one.' });
        samples.push({ sample: { id: `${name}/${file}`, digest: digestOf(content), label } });
      }
    return { id: basename(path), modality: 'number', reader: 'number-folders', labels, samples, skipped: [] };
  },
};
const digestOf = (content: string) => createHash('sha256').update(content).digest('hex');
const notThere = (path: string, cause: unknown) =>
  new HeadstartError({ code: 'target-not-found', message: `There is no folder ${path}.`, hint: 'Give one.', cause });

let root: string;
let check: ReaderCheck;
let calls = 0;
const kept: { dispose(): void }[] = [];
afterEach(() => kept.splice(0).forEach((tensor) => tensor.dispose()));
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-reader-'));
  for (const [label, numbers] of Object.entries({ even: [2, 14, 600], odd: [3, 55, 701] })) {
    await mkdir(join(root, 'numbers', label), { recursive: true });
    for (const number of numbers) await writeFile(join(root, 'numbers', label, `${number}.number`), String(number));
  }
  await mkdir(join(root, 'bad', 'even'), { recursive: true });
  await writeFile(join(root, 'bad', 'even', 'one.number'), 'one');
  check = { path: join(root, 'numbers'), bad: [join(root, 'bad')] };
});
afterAll(() => rm(root, { recursive: true }));

const altered = (change: (sample: Sample, index: number) => object): Partial<Reader> => ({
  async read(...args) {
    const data = await sound.read(...args);
    const samples = data.samples.map(({ sample, split }, i) => ({
      split,
      sample: { ...sample, ...change(sample, i) },
    }));
    return { ...data, samples };
  },
});
const before = (work: (path: string) => unknown): Partial<Reader> => ({
  async read(path, options) {
    const data = await sound.read(path, options);
    await work(path);
    return data;
  },
});

const faults: Readonly<Record<string, readonly [change: Partial<Reader>, says: RegExp]>> = {
  'has an id of two words': [{ id: 'Number Folders' }, /it keeps its contract: .*kebab-case/],
  'is surer than sure': [{ detect: async () => 5 }, /it recognises its layout.*: .*detect gave 5/],
  'does not recognise its own': [
    { detect: async () => 0 },
    /it recognises its layout, and no other: it is not sure at all/,
  ],
  'recognises anything': [{ detect: async () => 0.1 }, /it recognises its layout, and no other: it is sure of empty/],
  'recognises any folder of files': [
    { detect: async (path) => ((await readdir(path).catch(() => [])).length > 0 ? 0.3 : 0) },
    /it recognises its layout, and no other: it is sure of unrelated/,
  ],
  'fails to detect where there is nothing': [
    { detect: async (path) => (await stat(path), await sound.detect(path)) },
    /it recognises its layout, and no other: .*ENOENT/,
  ],
  'is sure by chance': [
    { detect: async () => 0.5 + ++calls / 1e6 },
    /it recognises its layout, and no other: it is sure of the same path by/,
  ],
  'has a label that there is not': [altered(() => ({ label: 9 })), /can be learned from: .*label 9/],
  'knows nothing of its samples': [
    altered(() => ({ label: undefined })),
    /can be learned from: there are 2 labels, and no sample has one/,
  ],
  'calls all samples the same': [
    altered(() => ({ id: 'number' })),
    /can be learned from: two samples have the id "number"/,
  ],
  'digests all samples the same': [
    altered(() => ({ digest: 'd' })),
    /can be learned from: all 6 samples have one digest/,
  ],
  'gives another its name': [
    {
      async read(...args) {
        return { ...(await sound.read(...args)), reader: 'folders' };
      },
    },
    /can be learned from: it says that "folders"/,
  ],
  'orders samples by chance': [
    {
      async read(...args) {
        const data = await sound.read(...args);
        return ++calls % 2 ? data : { ...data, samples: data.samples.toReversed() };
      },
    },
    /the same each time and wherever the data lie: samples differ/,
  ],
  'calls samples by where they lie': [
    {
      async read(path, options) {
        const data = await sound.read(path, options);
        return {
          ...data,
          samples: data.samples.map(({ sample }) => ({ sample: { ...sample, id: join(path, sample.id) } })),
        };
      },
    },
    /wherever the data lie: samples differ where the same data lie elsewhere/,
  ],
  'reads beside the path': [
    before((path) => readdir(dirname(path))),
    /reads what lies at the path, and alters nothing: it reads/,
  ],
  'writes an index': [
    before((path) => writeFile(join(path, 'even', '2.number'), '2')),
    /alters nothing: it writes .*2\.number/,
  ],
  'digests names': [
    altered(({ id }) => ({ digest: digestOf(id) })),
    /a changed byte of a file shows: .*stay as they are when a byte of even/,
  ],
  'digests sizes': [
    {
      async read(path, options) {
        const data = await sound.read(path, options);
        const samples = await Promise.all(
          data.samples.map(async ({ sample }) => {
            const { size } = await stat(join(path, sample.id));
            return {
              sample: { ...sample, digest: digestOf(`${sample.id} ${size}`) },
            };
          }),
        );
        return { ...data, samples };
      },
    },
    /a changed byte of a file shows/,
  ],
  'opens no file': [
    {
      async read(path) {
        const labels = (await readdir(path)).sort();
        const samples: ReadSample[] = [];
        for (const [label, name] of labels.entries())
          for (const file of await readdir(join(path, name)))
            samples.push({ sample: { id: `${name}/${file}`, digest: file, label } });
        return { id: 'n', modality: 'number', reader: 'number-folders', labels, samples, skipped: [] };
      },
    },
    /a changed byte of a file shows: it opens no file/,
  ],
  'takes what is damaged': [
    {
      async read(path, options) {
        if (!path.endsWith('bad')) return sound.read(path, options);
        return sound.read(check.path, options);
      },
    },
    /damaged data are refused.*bad is accepted/,
  ],
  'fails without a code where there is nothing': [
    { read: async (path, options) => (await readdir(path), await sound.read(path, options)) },
    /damaged data are refused.*a path at which there is nothing ends in an error without a code.*ENOENT/,
  ],
  'fails without a code where a file is cut': [
    {
      async read(path, options) {
        const [first] = await readdir(join(path, 'even')).catch(() => []);
        if (first && (await stat(join(path, 'even', first))).size === 0) throw new RangeError('out of bounds');
        return sound.read(path, options);
      },
    },
    /damaged data are refused.*with (half|nothing) in it ends in an error without a code.*out of bounds/,
  ],
  'leaves a tensor': [before(() => void kept.push(keep(scalar(1)))), /no tensor is left/],
};

describe('checkReader', () => {
  it('accepts a reader that keeps the contract', async () => {
    await checkReader(sound, check);
  });

  it.each(Object.entries(faults))('catches one that %s', async (_, [change, says]) => {
    const broken = checkReader({ ...sound, ...change }, check);
    await expect(broken).rejects.toThrow(says);
    await expect(broken).rejects.toThrow(/^checkReader: The reader "/);
  });

  it('leaves what it was given as it was', async () => {
    expect(await readFile(join(check.path, 'odd', '701.number'), 'utf8')).toBe('701');
    expect((await readdir(check.path, { recursive: true })).length).toBe(8);
  });
});
