import { BASE_STYLE } from './base-style.ts';
import { CHART_STYLE } from './chart-style.ts';
import { LAYOUT_STYLE } from './layout-style.ts';
import { PARTS_STYLE } from './parts-style.ts';
import { PRINT_STYLE } from './print-style.ts';
import { TABLE_STYLE } from './table-style.ts';

/** The rules that all pages have; those for print last, so that they win. */
export const PAGE_STYLE = [BASE_STYLE, LAYOUT_STYLE, PARTS_STYLE, TABLE_STYLE, CHART_STYLE].join('');
export { PRINT_STYLE };
