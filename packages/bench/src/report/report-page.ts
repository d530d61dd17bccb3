import { pageScript } from '@headstart/core/export';
import { html, Html, htmlPage } from '@headstart/core/pages';
import { DATA_ELEMENT, embedData } from './embedded.ts';
import { counted } from './names.ts';
import type { ReportData } from './report-data.ts';
import { REPORT_STYLE } from './report-style.ts';
import { filterForm } from './views/filter-form.ts';
import { overview } from './views/overview.ts';
import { problemRuns } from './views/problem-runs.ts';
import { recordList } from './views/record-list.ts';
import { shownOf } from './views/shown.ts';
import { VIEWS } from './views/views.ts';

/** Where a cell opens, under the table of cells. */
const OPENED = html`<div data-opened><noscript><p>A cell opens by a script, which does not run here. The tables beside this page have its numbers.</p></noscript></div>`;

/** A report as one page that is complete in itself: the same bytes of the same data. @returns HTML */
export async function reportPage(data: ReportData): Promise<string> {
  const shown = shownOf(data);
  const problems = data.refused.length > 0 || data.cells.some(({ runs }) => runs.some(({ error }) => error));
  const runs = data.cells.reduce((sum, cell) => sum + cell.runs.length, 0);
  return htmlPage({
    title: data.name,
    lead: html`A benchmark of transfer: ${counted(runs, 'run')} of ${counted(data.cells.length, 'cell')}.`,
    body: html`${overview(data)}${filterForm(data)}`,
    sections: [
      ...VIEWS.flatMap(({ id, title, draw }) => {
        const drawn = draw(shown);
        return drawn
          ? { title, body: html`<div class="stack" data-view="${id}">${drawn}</div>${id === 'cells' && OPENED}` }
          : [];
      }),
      ...(problems ? [{ title: 'What is missing', body: problemRuns(data) }] : []),
      {
        title: 'Records',
        body: html`${recordList(data)}<script type="application/json" id="${DATA_ELEMENT}">${new Html(embedData(data))}</script>`,
      },
    ],
    style: REPORT_STYLE,
    script: await pageScript(new URL('./browser/report.entry.js', import.meta.url)),
  });
}
