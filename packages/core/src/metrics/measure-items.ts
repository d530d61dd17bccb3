import type { EvidenceFormat, EvidenceItems, MeasuredNumber } from './evidence-format.ts';
import { itemsInvalid } from './item-columns.ts';
import type { Metric } from './metric.ts';

/** What can read items and measure them: a composed `Headstart` is such. */
export interface ItemReaders {
  evidenceFormats(): readonly { readonly value: EvidenceFormat }[];
  metrics(): readonly { readonly value: Metric }[];
}

/** Items as they are judged, without a model. */
export interface MeasuredItems {
  /** How many there are. */
  readonly count: number;
  /** The numbers that a trial reports of them, each with how it is computed of resampled items, where it can be. */
  readonly numbers: Readonly<Record<string, MeasuredNumber>>;
  /** See `EvidenceFormat.scores`. */
  readonly scores: Float64Array;
}

/**
 * Measures items anew: by the format of their kind, and by the registered metrics of it.
 * @throws HeadstartError `record-invalid` where no plugin here reads items of their kind, and for items that are damaged
 */
export function measureItems(readers: ItemReaders, items: EvidenceItems): MeasuredItems {
  const format = readers.evidenceFormats().find(({ value }) => value.kind === items.kind)?.value;
  if (!format) throw itemsInvalid(items, 'no plugin that is in use reads that kind');
  const evidence = format.read(items);
  const registered = readers.metrics().flatMap(({ value }) => (value.kind === items.kind ? [value] : []));
  const scores = format.scores(evidence);
  return { count: scores.length, numbers: format.measure(evidence, registered), scores };
}
