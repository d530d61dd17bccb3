import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { keep, scalar } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import { afterEach, describe, expect, it } from 'vitest';
import type { Exporter } from '../export/exporter.ts';
import { writeNewFolder } from '../export/new-folder.ts';
import { checkExporter, type ExporterCheck } from './check-exporter.ts';

/** Writes the weights as numbers in JSON. */
const sound: Exporter = {
  format: 'json-weights',
  description: 'Weights as numbers',
  async write({ head, encoder, labels }, directory) {
    if (encoder.rows === 2)
      throw new HeadstartError({ code: 'not-supported', message: 'It is of two rows.', hint: 'Give one.' });
    const weights = await Promise.all(head.variables.map(async ({ name, value }) => [name, [...(await value.data())]]));
    return writeNewFolder(directory, [
      ['labels.json', JSON.stringify(labels)],
      ['deeper/weights.json', JSON.stringify(weights)],
    ]);
  },
};

let calls = 0;
const kept: { dispose(): void }[] = [];
afterEach(() => kept.splice(0).forEach((tensor) => tensor.dispose()));

const faults: Readonly<Record<string, readonly [change: Partial<Exporter>, says: RegExp, check?: ExporterCheck]>> = {
  'has a format of two words': [{ format: 'JSON weights' }, /it keeps its contract: .*kebab-case/],
  'fails without a code': [
    { write: () => Promise.reject(new TypeError('no kernel')) },
    /it writes the files that it names.*no kernel/,
  ],
  'writes beside the folder': [
    {
      async write(model, directory) {
        const files = await sound.write(model, directory);
        await writeFile(join(dirname(directory), 'log.txt'), 'done');
        return files;
      },
    },
    /it writes the files that it names.*: it leaves log\.txt beside the folder/,
  ],
  'writes elsewhere': [
    {
      async write(model, directory) {
        await mkdir(join(tmpdir(), 'headstart-elsewhere'), { recursive: true });
        return sound.write(model, directory);
      },
    },
    /it writes the files that it names.*: it writes .*headstart-elsewhere/,
  ],
  'names some of its files': [
    { write: async (...args) => (await sound.write(...args)).slice(1) },
    /it writes the files that it names.*: it names .*weights\.json; the folder holds/,
  ],
  'writes the time': [
    {
      write: async (_model, directory) => writeNewFolder(directory, [['model.json', String(++calls)]]),
    },
    /it writes the same each time: model\.json differs/,
  ],
  'overwrites what is there': [
    {
      async write(_model, directory) {
        await mkdir(directory, { recursive: true });
        await writeFile(join(directory, 'model.json'), '{}');
        return [join(directory, 'model.json')];
      },
    },
    /a folder with something in it is left as it is: a folder with a file in it is accepted/,
  ],
  'leaves half of a model where the disk is full': [
    {
      async write(model, directory) {
        if ((await readdir(directory).catch(() => [])).length > 0) return sound.write(model, directory);
        try {
          await mkdir(directory, { recursive: true });
          for (const name of ['a.json', 'b.json']) await writeFile(join(directory, name), '{}');
          return ['a.json', 'b.json'].map((name) => join(directory, name));
        } catch (cause) {
          throw new HeadstartError({ code: 'storage-full', message: 'full', hint: 'Make room.', cause });
        }
      },
    },
    /a failure leaves nothing: it leaves model where the disk is full/,
  ],
  'ends without a code where the disk is full': [
    {
      async write(model, directory) {
        if ((await readdir(directory).catch(() => [])).length > 0) return sound.write(model, directory);
        await mkdir(directory);
        return [];
      },
    },
    /a failure leaves nothing: a full disk ends in an error without a code of its own: .*ENOSPC/,
  ],
  'passes over a full disk': [
    {
      async write(model, directory) {
        if ((await readdir(directory).catch(() => [])).length > 0) return sound.write(model, directory);
        await mkdir(directory, { recursive: true });
        for (const name of ['a.json', 'b.json']) await writeFile(join(directory, name), '{}').catch(() => {});
        return (await readdir(directory)).map((name) => join(directory, name));
      },
    },
    /a failure leaves nothing: (files are missing|a full disk ends in an error without a code)/,
  ],
  'takes a model that it cannot hold': [
    {
      async write(model, directory) {
        if (model.encoder.rows === 2) throw new RangeError('two rows');
        return sound.write(model, directory);
      },
    },
    /a model that the format cannot hold is refused: .*without a code.*two rows/,
  ],
  'computes something else': [
    {},
    /what it writes computes what the model computes: the output "logits" is [\d.]+ away/,
    { run: async ({ samples }) => ({ logits: new Float32Array(3 * samples).fill(9) }) },
  ],
  'leaves out an output': [
    {},
    /what it writes computes what the model computes: the output "logits" has no values/,
    { run: async () => ({}) },
  ],
  'leaves a tensor': [
    {
      write(...args) {
        kept.push(keep(scalar(1)));
        return sound.write(...args);
      },
    },
    /no tensor is left/,
  ],
};

describe('checkExporter', () => {
  it('accepts an exporter that keeps the contract', async () => {
    await checkExporter(sound);
  });

  it.each(Object.entries(faults))('catches one that %s', async (_, [change, says, check]) => {
    const broken = checkExporter({ ...sound, ...change }, check);
    await expect(broken).rejects.toThrow(says);
    await expect(broken).rejects.toThrow(/^checkExporter: The export format "/);
  });
});
