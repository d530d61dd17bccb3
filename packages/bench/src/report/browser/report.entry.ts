// The script of a report: draws what the reader chooses by the views that drew the page, and opens cells.
import { DATA_ELEMENT, readEmbedded } from '../embedded.ts';
import { CellPanel } from './cell-panel.ts';
import { FilteredViews } from './filtered-views.ts';
import { once } from './once.ts';

/** Read when something is asked for, not before the page is there. */
const data = once(() => readEmbedded(document.getElementById(DATA_ELEMENT)!.textContent));

document.documentElement.classList.add('with-script');
const views = new FilteredViews(data);
const panel = new CellPanel(data);
views.listen();
panel.listen();
