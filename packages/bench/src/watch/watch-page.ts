import { pageScript } from '@headstart/core/export';
import { html, htmlPage } from '@headstart/core/pages';
import type { WatchSnapshot } from './watch-snapshot.ts';
import { watchView } from './watch-view.ts';

const STYLE = `progress { width: min(100%, 40rem); height: 1rem; display: block; margin-top: .4rem; accent-color: var(--accent) }`;

/**
 * A page that follows a running benchmark: it asks `progress.json` beside it, a `WatchSnapshot`, every second until the
 * benchmark has ended, and links to `report.html`, which is to show what there is so far. @returns HTML
 */
export async function watchPage(snapshot: WatchSnapshot): Promise<string> {
  return htmlPage({
    title: snapshot.name,
    lead: html`A benchmark that runs. <a href="report.html">Its report so far</a>`,
    body: html`<div class="stack" data-progress>${watchView(snapshot)}</div><p role="status" class="unseen" data-said></p><noscript><p>Without a script this page does not follow: load it again.</p></noscript>`,
    style: STYLE,
    script: await pageScript(new URL('./browser/watch.entry.js', import.meta.url)),
    loads: 'own files',
  });
}
