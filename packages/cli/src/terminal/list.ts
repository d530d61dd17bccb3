import type { Console } from './console.ts';
import { table } from './table.ts';

/** Prints rows under headings, or says that there are none. */
export function printList(console: Console, titles: readonly string[], rows: readonly (readonly string[])[]): void {
  if (rows.length === 0) {
    console.print('None is registered.');
    return;
  }
  const [heading = '', ...lines] = table(
    titles.map((title) => ({ title })),
    rows,
    console.width,
  );
  console.print(console.outColours.dim(heading));
  for (const line of lines) console.print(line);
}
