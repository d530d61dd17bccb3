import { HeadstartError } from '@headstart/artifacts/errors';
import type { BenchRecord } from './bench-record.ts';
import { sha256 } from './record-digest.ts';
import { corrupt, parseRecord, RECORD_FILE, recordText } from './record-file.ts';
import type { RecordStore } from './record-store.ts';
import type { S3Objects } from './s3-objects.ts';

/**
 * Records in a store that speaks S3, on their way into a folder: `records/<first two digits>/<id>/record.json`, and its
 * predictions beside it by their digest. A record is there once its own object is, which is written last, and once.
 */
export class S3Store implements Pick<RecordStore, 'read' | 'publish'> {
  constructor(
    private readonly objects: S3Objects,
    /** As messages show it. */
    readonly shown: string,
  ) {}

  async read(id: string): Promise<BenchRecord | undefined> {
    return (await this.#found(id))?.record;
  }

  async publish(record: BenchRecord, predictions?: Uint8Array): Promise<boolean> {
    if (predictions) await this.objects.put(predictionsKey(record), predictions);
    const bytes = Buffer.from(recordText(record));
    if (await this.objects.put(recordKey(record.id), bytes)) return true;
    const there = await this.objects.get(recordKey(record.id));
    if (!there) return this.objects.put(recordKey(record.id), bytes);
    if (await this.#isDone(record.id)) return false;
    return this.objects.put(recordKey(record.id), bytes, there.version);
  }

  /** Publishes a record in another store, too. @returns the record, where there is one. @throws HeadstartError `record-invalid` */
  async copy(id: string, to: Pick<RecordStore, 'publish'>): Promise<BenchRecord | undefined> {
    const found = await this.#found(id);
    if (found) await to.publish(found.record, found.predictions);
    return found?.record;
  }

  async #found(id: string): Promise<{ record: BenchRecord; predictions?: Uint8Array } | undefined> {
    const path = `${this.shown} ${recordKey(id)}`;
    const object = await this.objects.get(recordKey(id));
    if (!object) return undefined;
    const record = parseRecord(Buffer.from(object.bytes).toString('utf8'), path, id);
    if (!record.predictions) return { record };
    const predictions = (await this.objects.get(predictionsKey(record)))?.bytes;
    if (!predictions) throw corrupt(path, 'its predictions are missing');
    if (sha256(predictions) !== record.predictions.sha256) throw corrupt(path, 'its predictions are others');
    return { record, predictions };
  }

  async #isDone(id: string): Promise<boolean> {
    try {
      return (await this.read(id))?.state === 'done';
    } catch (error) {
      if (HeadstartError.is(error) && error.code === 'record-invalid') return false;
      throw error;
    }
  }
}

function recordKey(id: string): string {
  return `records/${id.slice(0, 2)}/${id}/${RECORD_FILE}`;
}

function predictionsKey({ id, predictions }: BenchRecord): string {
  return `records/${id.slice(0, 2)}/${id}/predictions-${predictions!.sha256}.parquet`;
}
