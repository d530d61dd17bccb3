import { measureItems, type ItemReaders, type MeasuredItems } from '@headstart/core/trials';
import type { BenchRecord } from '../records/bench-record.ts';
import type { Predictions } from '../records/predictions.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { BenchFile } from '../results/bench-file.ts';
import type { CellItems } from '../statistics/item-noise.ts';
import type { ScoredPredictions } from './worst-items.ts';

/** Records whose predictions are kept: as many as a comparison of two methods has, and some. */
const KEPT = 64;

interface Read {
  readonly predictions: Predictions;
  readonly measured: MeasuredItems;
}

/** Reads what records say of each item; the last ones that were asked for are at hand. */
export class PredictionReader {
  readonly #store: RecordStore;
  readonly #readers: ItemReaders;
  readonly #metrics: BenchFile['metrics'];
  readonly #read = new Map<string, Promise<Read | undefined>>();

  constructor(store: RecordStore, readers: ItemReaders, metrics: BenchFile['metrics']) {
    this.#store = store;
    this.#readers = readers;
    this.#metrics = metrics;
  }

  /** For the noise of the test items; undefined of a record without predictions. @throws HeadstartError `record-invalid` */
  async itemsOf(record: BenchRecord): Promise<CellItems | undefined> {
    const read = await this.#of(record);
    if (!read) return undefined;
    const { count, numbers, scores } = read.measured;
    const resampled = numbers[this.#metrics[record.task]?.name ?? '']?.resampled;
    return { key: record.identity.tests.join(' '), count, ...(resampled ? { resampled } : {}), scores };
  }

  /** For its worst items. @throws HeadstartError `record-invalid` */
  async scored(record: BenchRecord): Promise<ScoredPredictions | undefined> {
    const read = await this.#of(record);
    return read && { ...read.predictions, scores: read.measured.scores };
  }

  #of(record: BenchRecord): Promise<Read | undefined> {
    const kept = this.#read.get(record.id) ?? this.#readRecord(record);
    // The last that was asked for is the last to go.
    this.#read.delete(record.id);
    this.#read.set(record.id, kept);
    const [oldest] = this.#read.keys();
    if (this.#read.size > KEPT) this.#read.delete(oldest!);
    return kept;
  }

  async #readRecord(record: BenchRecord): Promise<Read | undefined> {
    if (!record.predictions) return undefined;
    const predictions = await this.#store.predictions(record);
    return { predictions, measured: measureItems(this.#readers, predictions.items) };
  }
}
