/**
 * A report of a benchmark that is made up: how large its page is, how long a browser takes to open it, and to show other
 * cells for the first time.
 *
 *   npm run measure -- report-size [runs, 10000 where absent]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleReport, reportFiles } from '@headstart/bench';
// The browser that tests have; tests are nobody's package.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { openBrowser } from '../../tests/browser.ts';
import { madeUpResults } from './made-up-results.ts';

/** Opens the page in a frame, and chooses a strategy and then a cell in it. */
const LOOK = `export default async () => {
  const frame = document.createElement('iframe');
  Object.assign(frame.style, { width: '1400px', height: '900px' });
  const opened = performance.now();
  await new Promise((resolve) => {
    frame.addEventListener('load', resolve);
    frame.src = '/report/report.html';
    document.body.append(frame);
  });
  const page = frame.contentDocument;
  const loaded = performance.now();
  const choice = page.querySelector('select[name=strategy]');
  choice.value = choice.options[2].value;
  choice.dispatchEvent(new Event('change', { bubbles: true }));
  const chosen = performance.now();
  frame.contentWindow.location.hash = page.querySelector('[data-view=cells] a').hash;
  while (!page.querySelector('[data-opened] .cell')) await new Promise((resolve) => setTimeout(resolve, 1));
  const shown = performance.now();
  return { load: loaded - opened, filter: chosen - loaded, cell: shown - chosen, said: page.querySelector('[data-said]').textContent };
};`;

const runs = Number(process.argv[2] ?? 10_000);
const folder = await mkdtemp(join(tmpdir(), 'headstart-report-size-'));
const browser = await openBrowser();
try {
  const results = madeUpResults(runs);
  const started = performance.now();
  const data = await assembleReport(results, { samples: async () => ({ samples: [], withheld: [] }) });
  const assembled = performance.now();
  const files = await reportFiles(data);
  const written = performance.now();
  await writeFile(join(folder, 'report.html'), files.get('report.html')!);
  const size = Buffer.byteLength(files.get('report.html')!);
  console.log(
    `${results.records.length} runs, ${data.cells.length} cells, ${data.verdicts.length} verdicts: assembled in ${seconds(assembled - started)}, written in ${seconds(written - assembled)}, ${(size / 2 ** 20).toFixed(1)} MiB`,
  );
  for (let round = 1; round <= 3; round++) {
    const { load, filter, cell, said } = await browser.run<
      Record<'load' | 'filter' | 'cell', number> & { said: string }
    >(LOOK, { report: folder });
    console.log(
      `round ${round}: open ${load.toFixed(0)} ms, first choice ${filter.toFixed(0)} ms (${said}), then a cell ${cell.toFixed(0)} ms`,
    );
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
