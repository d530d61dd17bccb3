import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder } from '@headstart/artifacts/storage';
import { storageError } from '@headstart/artifacts/errors';
import { Event } from './event-messages.ts';
import { tfRecord } from './tf-record.ts';

/** Events are kept back up to this many bytes. */
const BUFFER = 2 ** 18;

/** A file of events that TensorBoard reads, only ever appended to, by whole records. */
export class EventFile {
  #records: Uint8Array[] = [];
  #bytes = 0;

  private constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
  ) {}

  /**
   * Makes a new file in a folder, which TensorBoard reads after those that are there.
   * @throws HeadstartError `storage-*`
   */
  static async create(folder: string): Promise<EventFile> {
    const stem = join(folder, `events.out.tfevents.${Math.floor(Date.now() / 1000)}`);
    try {
      await ensureFolder(folder);
      const [handle, path] = await openNew(stem);
      const file = new EventFile(handle, path);
      file.#put({ fileVersion: 'brain.Event:2' });
      await file.flush();
      return file;
    } catch (error) {
      throw storageError('create an event file in', folder, error);
    }
  }

  /**
   * Adds an event with the time of now.
   * @throws HeadstartError `storage-*`
   */
  async add(event: object): Promise<void> {
    this.#put(event);
    if (this.#bytes >= BUFFER) await this.flush();
  }

  /** @throws HeadstartError `storage-*` */
  async flush(): Promise<void> {
    const bytes = Buffer.concat(this.#records);
    this.#records = [];
    this.#bytes = 0;
    try {
      await this.handle.appendFile(bytes);
    } catch (error) {
      throw storageError('write', this.path, error);
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  #put(event: object): void {
    const record = tfRecord(Event.encode({ wallTime: Date.now() / 1000, ...event }).finish());
    this.#records.push(record);
    this.#bytes += record.length;
  }
}

/** Opens the first file of a stem that is not there yet: a resumed run may begin within the second of the one before. */
async function openNew(stem: string): Promise<[FileHandle, string]> {
  for (let i = 0; ; i++) {
    const path = `${stem}.${i}.headstart`;
    try {
      return [await open(path, 'ax'), path];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
