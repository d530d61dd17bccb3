import { crc32 } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import type * as yauzl from 'yauzl';
import { HeadstartError } from '@headstart/artifacts/errors';
import { openZip } from '@headstart/artifacts/storage';
import { InvalidPickle } from './pickle-bytes.ts';
import { readPickle, UnsafePickle } from './read-pickle.ts';
import type { StorageSum, TorchFile } from './read-torch-checkpoint.ts';
import { storageBytes, torchRules, type TorchStorage } from './torch-tensors.ts';

const MAX_PICKLE = 2 ** 26;
/** What stands for a checksum where torch.save was told to compute none (`set_crc32_options`). */
const UNSTATED = 0;
const MAX_ENTRIES = 1_000_000;

/**
 * The format since PyTorch 1.6: a zip of one folder with `data.pkl`, the storages uncompressed at
 * `data/<key>`, and `byteorder`.
 */
export async function readZipCheckpoint(path: string): Promise<TorchFile> {
  let zip: yauzl.ZipFile | undefined;
  try {
    zip = await openZip(path);
    const entries = new Map<string, yauzl.Entry>();
    let folder: string | undefined;
    for await (const entry of zip.eachEntry()) {
      if (entries.size >= MAX_ENTRIES) throw new InvalidPickle(`it has more than ${MAX_ENTRIES} parts`);
      if (entries.has(entry.fileName)) throw new InvalidPickle(`its part ${entry.fileName} is there twice`);
      entries.set(entry.fileName, entry);
      folder ??= /^([^/]+)\/data\.pkl$/.exec(entry.fileName)?.[1];
    }
    const pickle = entries.get(`${folder}/data.pkl`);
    if (!pickle) throw new InvalidPickle('it is a zip without data.pkl, so not a file of torch.save');
    const storages = new Map<string, TorchStorage>();
    const { value } = readPickle(await content(zip, pickle, MAX_PICKLE), 0, torchRules(storages));
    const byteorder = entries.get(`${folder}/byteorder`);
    const order = byteorder ? (await content(zip, byteorder, 64)).toString('latin1').trim() : 'little';
    if (order !== 'little' && order !== 'big') throw new InvalidPickle(`its byte order is "${order}"`);
    const starts = new Map<string, number>();
    const sums = new Map<string, StorageSum>();
    for (const storage of storages.values()) {
      const entry = entries.get(`${folder}/data/${storage.key}`);
      starts.set(storage.key, await startOf(zip, entry, storage));
      if (entry!.crc32 !== UNSTATED)
        sums.set(storage.key, { bytes: entry!.compressedSize, crc32: entry!.crc32, checked: false });
    }
    return { value, starts, order, sums };
  } catch (cause) {
    const isOurs = HeadstartError.is(cause) || cause instanceof InvalidPickle || cause instanceof UnsafePickle;
    if (isOurs || typeof (cause as NodeJS.ErrnoException).syscall === 'string') throw cause;
    throw new InvalidPickle(`its zip is damaged: ${(cause as Error).message}`, { cause });
  } finally {
    zip?.close();
  }
}

async function content(zip: yauzl.ZipFile, entry: yauzl.Entry, limit: number): Promise<Buffer> {
  if (entry.uncompressedSize > limit)
    throw new InvalidPickle(
      `its part ${entry.fileName} has ${entry.uncompressedSize} bytes; at most ${limit} are allowed`,
    );
  // The reader holds the stream to the size that the entry states.
  const bytes = await buffer(await zip.openReadStreamPromise(entry));
  if (entry.crc32 !== UNSTATED && crc32(bytes) !== entry.crc32)
    throw new InvalidPickle(`its part ${entry.fileName} is damaged: its checksum is another one`);
  return bytes;
}

async function startOf(zip: yauzl.ZipFile, entry: yauzl.Entry | undefined, storage: TorchStorage): Promise<number> {
  if (!entry) throw new InvalidPickle(`storage ${storage.key} is missing`);
  if (entry.compressionMethod !== 0 || entry.isEncrypted())
    throw new InvalidPickle(`storage ${storage.key} is compressed or encrypted, which torch.save never does`);
  if (entry.compressedSize < storageBytes(storage))
    throw new InvalidPickle(
      `storage ${storage.key} has ${entry.compressedSize} bytes where ${storageBytes(storage)} are described`,
    );
  return (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
}
