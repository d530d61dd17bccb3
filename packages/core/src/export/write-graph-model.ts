import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { temporaryBeside } from '../artifacts/atomic-file.ts';
import { HeadstartError } from '../errors/headstart-error.ts';
import { storageError } from '../errors/storage-error.ts';
import type { GraphModel } from './graph-def.ts';

/** Browsers cache files up to about this size; the format's own converter cuts here too. */
const shardBytes = 4 * 1024 * 1024;

/**
 * Writes a TensorFlow.js graph model: `model.json` and weight shards of at most 4 MiB. The folder
 * appears complete or not at all.
 *
 * @returns the files' paths, `model.json` first
 * @throws HeadstartError `invalid-option` where the folder has content, `storage-*`
 */
export async function writeGraphModel(model: GraphModel, metadata: Readonly<Record<string, unknown>>, directory: string): Promise<string[]> {
  const target = resolve(directory);
  await requireEmpty(target);
  // With the permissions that the user's mask gives: the folder is there to be served.
  const temporary = temporaryBeside(target);
  try {
    await mkdir(dirname(target), { recursive: true });
    await mkdir(temporary);
    const names: string[] = [];
    for (const [name, content] of graphModelFiles(model, metadata)) {
      await writeFile(join(temporary, name), content, { flush: true });
      names.push(name);
    }
    await rmdir(target).catch(() => {});
    await rename(temporary, target);
    return names.map((name) => join(target, name));
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw storageError('write the exported model to', target, error);
  }
}

/** Name and content of each file of a graph model. */
export function graphModelFiles(model: GraphModel, metadata: Readonly<Record<string, unknown>>): [name: string, content: Uint8Array][] {
  const data = Buffer.concat(model.weights.map(({ bytes }) => bytes));
  const count = Math.max(1, Math.ceil(data.byteLength / shardBytes));
  const shards = Array.from({ length: count }, (_, i): [string, Uint8Array] => [
    `group1-shard${i + 1}of${count}.bin`,
    data.subarray(i * shardBytes, (i + 1) * shardBytes),
  ]);
  const json = {
    format: 'graph-model',
    generatedBy: 'headstart',
    convertedBy: 'headstart',
    signature: model.signature,
    userDefinedMetadata: metadata,
    modelTopology: { node: model.nodes, library: {}, versions: { producer: 27, minConsumer: 12 } },
    weightsManifest: [
      {
        paths: shards.map(([name]) => name),
        weights: model.weights.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
      },
    ],
  };
  return [['model.json', Buffer.from(JSON.stringify(json))], ...shards];
}

async function requireEmpty(directory: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw storageError('export to', directory, error);
  }
  if (entries.length === 0) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The folder ${directory} is not empty, and an export does not overwrite what is there.`,
    hint: 'Name another folder, or remove this one first.',
  });
}
