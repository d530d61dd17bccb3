import { furtherBoxes } from './boxes.ts';
import { furtherFolders } from './folders.ts';
import type { FurtherCase } from './further-case.ts';
import { furtherTables } from './tables.ts';
import { furtherTexts } from './texts.ts';

/** Data of the report's kinds that nobody gave us, with what is right by how they are made. */
export const furtherCases = (): FurtherCase[] => [
  ...furtherTables(),
  ...furtherTexts(),
  ...furtherFolders(),
  ...furtherBoxes(),
];
