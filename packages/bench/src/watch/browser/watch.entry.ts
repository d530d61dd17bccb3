// The script of a page that follows a benchmark.
import type { WatchSnapshot } from '../watch-snapshot.ts';
import { said, watchView } from '../watch-view.ts';

const EVERY = 1_000;
const place = document.querySelector('[data-progress]')!;
const status = document.querySelector('[data-said]')!;

async function follow(): Promise<void> {
  const answer = await fetch('progress.json', { cache: 'no-store' });
  const snapshot = (await answer.json()) as WatchSnapshot;
  place.innerHTML = watchView(snapshot).toString();
  // Spoken when the sentence changes, not at every cell.
  const sentence = snapshot.state === 'running' ? 'The benchmark is running.' : said(snapshot);
  if (status.textContent !== sentence) status.textContent = sentence;
  document.title = `${snapshot.done + snapshot.failed}/${snapshot.planned} ${snapshot.name}`;
  if (snapshot.state === 'ended') clearInterval(timer);
}

const timer = setInterval(() => {
  follow().catch(() => {
    status.textContent = 'The benchmark has ended, or cannot be reached.';
    status.classList.remove('unseen');
    clearInterval(timer);
  });
}, EVERY);
