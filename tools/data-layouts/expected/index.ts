import type { Expectation } from '../expectation.ts';
import { boxes } from './boxes.ts';
import { pictureTables } from './picture-tables.ts';
import { pictures } from './pictures.ts';
import { texts20 } from './texts.ts';

/** What may become of every row of the field report, made from what each case's README and its files say. */
export const expectations: Readonly<Record<string, Expectation>> = {
  ...pictures,
  ...pictureTables,
  ...texts20,
  ...boxes,
};
