// The script of a report: draws what the reader chooses by the views that drew the page, and opens cells.
import { DATA_ELEMENT, readEmbedded } from '../embedded.ts';
import { CellPanel } from './cell-panel.ts';
import { FilteredViews } from './filtered-views.ts';
import { once } from './once.ts';

/** Read when something is asked for, not before the page is there. */
const data = once(() => readEmbedded(document.getElementById(DATA_ELEMENT)!.textContent));

document.documentElement.classList.add('with-script');
const views = new FilteredViews(data);
views.listen();
// A benchmark without a cell has no place to open one.
const place = document.querySelector<HTMLElement>('[data-opened]');
if (place) new CellPanel(data, place).listen();
