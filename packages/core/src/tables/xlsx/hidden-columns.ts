import { LARGEST_WIDTH } from '../table-errors.ts';
import { readXml } from './read-xml.ts';
import { isTrue, LARGEST_SHEET, type Sheet, type Workbook } from './workbook.ts';

/** The columns of a sheet that are hidden, from 0: they are listed before the rows. @throws HeadstartError `target-unreadable` */
export async function hiddenColumns({ path, parts }: Workbook, sheet: Sheet): Promise<ReadonlySet<number>> {
  const hidden = new Set<number>();
  let done = false;
  const listener = {
    open(tag: string, { min, max, hidden: isHidden }: Readonly<Record<string, string>>) {
      if (tag === 'sheetData') done = true;
      if (tag !== 'col' || !isTrue(isHidden)) return;
      // The last of them is often all columns to the right.
      for (let column = Number(min); column <= Math.min(Number(max), LARGEST_WIDTH); column++) hidden.add(column - 1);
    },
  };
  for await (const _ of readXml(path, parts.chunks(sheet.part, LARGEST_SHEET), listener)) {
    void _;
    if (done) break;
  }
  return hidden;
}
