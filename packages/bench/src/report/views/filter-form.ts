import { html, type Html } from '@headstart/core/pages';
import { filterChoices } from '../filter.ts';
import { shotsName } from '../names.ts';
import type { ReportData } from '../report-data.ts';

/** What a reader chooses cells by. It is of no use, and hidden, without the page's script. */
export function filterForm(data: ReportData): Html {
  const { source, domain, strategy, shots } = filterChoices(data);
  return html`<form class="filters scripted" role="search" aria-label="Cells to show">
${choice('source', 'Source', source)}${choice('domain', 'Domain', domain)}${choice('strategy', 'Strategy', strategy)}${choice('shots', 'Shots', shots.map(String), shots.map(shotsName))}
<button type="reset">Show all</button><p role="status" data-said></p></form>`;
}

function choice(name: string, label: string, values: readonly string[], texts = values): Html | undefined {
  if (values.length < 2) return undefined;
  return html`<label>${label} <select name="${name}"><option value="">all</option>${values.map((value, i) => html`<option value="${value}">${texts[i]}</option>`)}</select></label>`;
}
