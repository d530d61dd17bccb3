import { html, type Html } from '@headstart/core/pages';
import { decimal } from '../rounded.ts';
import type { ReportCell, ReportData, ReportSample } from '../report-data.ts';

/** The items that the seeds of a cell get wrong most, as people see them where they may be shown. */
export function worstItems(
  { worst, test }: ReportCell,
  { samples, withheld }: Pick<ReportData, 'samples' | 'withheld'>,
): Html {
  if (worst.length === 0) return html``;
  const reason = withheld.find(({ domain }) => domain === test)?.why;
  return html`<h4>Worst items</h4>${reason !== undefined && html`<p>${reason}</p>`}
<ul class="worst">${worst.map(
    ({ id, digest, truth, predicted, score }) => html`<li>${shown(samples.find((sample) => sample.digest === digest))}
<p><bdi class="name">${id}</bdi></p><p>true <b><bdi>${truth}</bdi></b>, said <b><bdi>${predicted}</bdi></b>, right ${decimal(score, 2)}</p></li>`,
  )}</ul>`;
}

function shown(sample: ReportSample | undefined): Html {
  if (sample?.picture !== undefined) return html`<img src="${sample.picture}" alt="" loading="lazy">`;
  return html`${sample?.texts?.map((text) => html`<blockquote dir="auto">${text}</blockquote>`)}`;
}
