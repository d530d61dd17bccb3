import type { CellPlace } from './report-data.ts';

/** Names in an order that is the same everywhere. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What is trained on and, where there is one, adapted to. */
export function trainingName({ train, adapt }: Pick<CellPlace, 'train' | 'adapt'>): string {
  return adapt === null ? train : `${train} + ${adapt} (unlabelled)`;
}

/** Training samples per class, in words. */
export function shotsName(shots: CellPlace['shots']): string {
  return shots === 'all' ? 'all samples' : shots === 1 ? '1 shot' : `${shots} shots`;
}

/** A cell in one line. */
export function placeName(place: CellPlace): string {
  return `${place.strategy} on ${place.source}: ${trainingName(place)} → ${place.test}, ${shotsName(place.shots)}`;
}

/** Fewest shots first, all of them last. */
export function byShots(a: CellPlace['shots'], b: CellPlace['shots']): number {
  return (a === 'all' ? Infinity : a) - (b === 'all' ? Infinity : b) || 0;
}

/** In the order of their first appearance, each once. */
export function distinct<T>(values: Iterable<T>): T[] {
  return [...new Set(values)];
}

/** `1 run`, `1,200 runs`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
