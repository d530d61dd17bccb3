import { html, type Html } from '@headstart/core/pages';
import { counted } from '../names.ts';
import { recordsDigest } from '../records-digest.ts';
import type { ReportData } from '../report-data.ts';

/** What the page was made from, and how that is checked. */
export function recordList(data: ReportData): Html {
  const records = data.cells.reduce((sum, { runs }) => sum + runs.length, 0);
  return html`<p>The numbers of this page were made from ${counted(records, 'record')}, and from nothing else. Each opened cell names its own; report.json lists them all. Their ids and digests together have the SHA-256 <code>${recordsDigest(data)}</code>.</p>
<p>To check every number of it against the predictions of each item: <code class="command">headstart verify .</code> in its folder.</p>`;
}
