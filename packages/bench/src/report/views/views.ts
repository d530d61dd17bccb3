import { html, type Html } from '@headstart/core/pages';
import { cellsTable } from './cells-table.ts';
import { costCharts } from './cost-charts.ts';
import { convergenceCharts, learningCharts } from './curve-charts.ts';
import { gainViews } from './gain-views.ts';
import { heatMaps } from './heat-maps.ts';
import { negativeTransfer } from './negative-transfer.ts';
import { rankings } from './rankings.ts';
import type { Shown } from './shown.ts';
import { verdictViews } from './verdict-views.ts';

/** A part of the report that follows what the reader chooses. One that has nothing to show of the whole benchmark is left out. */
export interface View {
  readonly id: string;
  readonly title: string;
  /** @returns undefined where there is nothing of it among the cells that are shown */
  readonly draw: (shown: Shown) => Html | undefined;
}

/** What stands in a view's place, the cells that are chosen leaving nothing of it. */
export const NOTHING = html`<p>There is nothing of this among the cells that are chosen.</p>`;

/** In the order of the page. */
export const VIEWS: readonly View[] = [
  { id: 'heat-maps', title: 'Scores', draw: heatMaps },
  { id: 'verdicts', title: 'Verdicts', draw: verdictViews },
  { id: 'negative', title: 'Negative transfer', draw: negativeTransfer },
  { id: 'rankings', title: 'Rankings', draw: rankings },
  { id: 'gains', title: 'What transfer gains', draw: gainViews },
  { id: 'learning', title: 'Learning curves', draw: learningCharts },
  { id: 'convergence', title: 'Convergence', draw: convergenceCharts },
  { id: 'cost', title: 'Cost against score', draw: costCharts },
  { id: 'cells', title: 'Cells', draw: cellsTable },
];
