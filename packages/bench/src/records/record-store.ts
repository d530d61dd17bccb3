import type { BenchRecord } from './bench-record.ts';
import type { Predictions } from './predictions.ts';

/** Where the records of a benchmark are: a folder, or a service that several machines reach. */
export interface RecordStore {
  /** Ids of the records that are there, in order. */
  ids(): Promise<string[]>;
  /**
   * A record whose every byte is as it was written, its predictions included; undefined where there is none.
   * @throws HeadstartError `record-invalid`
   */
  read(id: string): Promise<BenchRecord | undefined>;
  /** The predictions of a record. @throws HeadstartError `record-invalid` */
  predictions(record: BenchRecord): Promise<Predictions>;
  /**
   * Publishes a record at once and whole: a done one that is there stays; a failed or damaged one is replaced.
   * @returns whether it was published
   * @throws HeadstartError `storage-*`; nothing is left half-written
   */
  publish(record: BenchRecord, predictions?: Uint8Array): Promise<boolean>;
}
