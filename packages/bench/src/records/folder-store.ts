import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';
import { ensureFolder, publishFolder, readRegular } from '@headstart/artifacts/storage';
import type { BenchRecord } from './bench-record.ts';
import { readPredictions, type Predictions } from './predictions.ts';
import { sha256 } from './record-digest.ts';
import { corrupt, parseRecord, PREDICTIONS_FILE, RECORD_FILE, recordText } from './record-file.ts';
import type { RecordStore } from './record-store.ts';
import { newAside } from './work-folder.ts';

export const RECORDS_FOLDER = 'records';

/** Records in `DIR/records/<first two digits>/<id>/`. */
export class FolderStore implements RecordStore {
  constructor(readonly dir: string) {}

  /** The folder of a record. */
  folder(id: string): string {
    return join(this.dir, RECORDS_FOLDER, id.slice(0, 2), id);
  }

  async ids(): Promise<string[]> {
    const root = join(this.dir, RECORDS_FOLDER);
    const shelves = await namesIn(root);
    const found = await Promise.all(shelves.map((shelf) => namesIn(join(root, shelf))));
    return found
      .flat()
      .filter((name) => /^[0-9a-f]{64}$/.test(name))
      .sort();
  }

  async read(id: string): Promise<BenchRecord | undefined> {
    const path = join(this.folder(id), RECORD_FILE);
    const text = await contentOf(path);
    if (text === undefined) {
      if ((await namesIn(this.folder(id))).length === 0) return undefined;
      throw corrupt(path, 'it is missing beside other files');
    }
    const record = parseRecord(text.toString('utf8'), path, id);
    if (record.predictions) await this.#predictionBytes(record);
    return record;
  }

  async predictions(record: BenchRecord): Promise<Predictions> {
    const path = join(this.folder(record.id), PREDICTIONS_FILE);
    if (!record.predictions)
      throw new HeadstartError({
        code: 'record-invalid',
        message: `The record ${record.id} has no predictions.`,
        hint: 'Its task gives no evidence item by item: look at its metrics.',
      });
    const read = await readPredictions(await this.#predictionBytes(record), path);
    if (read.ids.length !== record.predictions.rows) throw corrupt(path, 'it has another number of rows');
    return read;
  }

  async #predictionBytes(record: BenchRecord): Promise<Uint8Array> {
    const path = join(this.folder(record.id), PREDICTIONS_FILE);
    const bytes = await contentOf(path);
    if (!bytes) throw corrupt(path, 'it is missing');
    if (sha256(bytes) !== record.predictions!.sha256)
      throw corrupt(path, 'its digest is not the one in the record beside it');
    return bytes;
  }

  async publish(record: BenchRecord, predictions?: Uint8Array): Promise<boolean> {
    const folder = this.folder(record.id);
    const files = { ...(predictions && { [PREDICTIONS_FILE]: predictions }), [RECORD_FILE]: recordText(record) };
    if (await publishFolder(folder, newAside(this.dir), files)) return true;
    const there = await this.read(record.id).catch((error: unknown) => {
      if (HeadstartError.is(error) && error.code === 'record-invalid') return undefined;
      throw error;
    });
    if (there?.state === 'done') return false;
    await this.#setAside(folder);
    return publishFolder(folder, newAside(this.dir), files);
  }

  /** Takes away what is at a record's place. */
  async #setAside(folder: string): Promise<void> {
    const aside = newAside(this.dir);
    try {
      await ensureFolder(dirname(aside));
      await rename(folder, aside);
      await rm(aside, { recursive: true, force: true });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw storageError('replace', folder, cause);
    }
  }
}

/** Undefined where there is no such file. */
async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readRegular(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw storageError('read', path, cause);
  }
}

/** Nothing where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return [];
    throw storageError('read', folder, cause);
  }
}
