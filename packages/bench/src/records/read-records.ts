import { HeadstartError } from '@headstart/artifacts/errors';
import type { BenchRecord } from './bench-record.ts';
import type { RecordStore } from './record-store.ts';

/** The records of a store, and which of them are not as they were written. */
export interface ReadRecords {
  /** By id, in order. */
  readonly records: ReadonlyMap<string, BenchRecord>;
  readonly damaged: readonly { readonly id: string; readonly error: HeadstartError }[];
}

/** How many files are open at once. */
const AT_ONCE = 64;

/** Reads and checks records. @param wanted those of these ids; all where absent */
export async function readRecords(store: RecordStore, wanted?: Iterable<string>): Promise<ReadRecords> {
  const ids = wanted ? [...wanted] : await store.ids();
  const read: (BenchRecord | undefined)[] = [];
  const damaged: { id: string; error: HeadstartError }[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE).map(async (id) => {
      try {
        return await store.read(id);
      } catch (error) {
        if (!HeadstartError.is(error) || error.code !== 'record-invalid') throw error;
        damaged.push({ id, error });
        return undefined;
      }
    });
    read.push(...(await Promise.all(some)));
  }
  const found = read.filter((record) => record !== undefined);
  damaged.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { records: new Map(found.map((record) => [record.id, record])), damaged };
}
