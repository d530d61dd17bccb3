import type { DataTable, TableRecord } from './data-table.ts';
import { firstOf } from './first-records.ts';
import { LARGEST_WIDTH, tooManyColumns } from './table-errors.ts';

/** Objects whose keys are columns; a key that only later ones have is none. */
const LOOK = 1000;

/** An object of a JSON text, or why there is none. */
export interface JsonItem {
  readonly line: number;
  readonly object?: Readonly<Record<string, unknown>>;
  readonly fault?: string;
}

/** Objects, whatever they were read from. */
export interface ObjectSource extends Pick<DataTable, 'format' | 'unit' | 'encoding'> {
  readonly path: string;
  readonly items: () => AsyncGenerator<JsonItem>;
}

/** A table of objects: the keys of the first thousand are its columns. @throws HeadstartError `target-unreadable` */
export async function objectTable({ path, items, ...form }: ObjectSource): Promise<DataTable> {
  const keys = new Set<string>();
  for (const { object } of await firstOf(items(), LOOK)) {
    for (const key of Object.keys(object ?? {})) keys.add(key);
    if (keys.size > LARGEST_WIDTH) throw tooManyColumns(path, keys.size);
  }
  const columns = [...keys];
  return {
    ...form,
    columns,
    async *records(wanted): AsyncGenerator<TableRecord> {
      const chosen = wanted && new Set(wanted);
      for await (const { line, object, fault } of items()) {
        const values = columns.map((name, index) =>
          object && (!chosen || chosen.has(index)) && Object.hasOwn(object, name) ? object[name] : undefined,
        );
        yield { line, fault, values };
      }
    },
  };
}
