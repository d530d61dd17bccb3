import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleReport, reportFiles, watchPage } from '@headstart/bench';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madeUpResults } from '../tools/measure/made-up-results.ts';
import { BROWSER_HERE } from './browser.ts';
import { openPageBrowser, type OpenPage, type PageBrowser } from './page-browser.ts';

const VIEWS = [
  { width: 1280, theme: 'light' },
  { width: 360, theme: 'dark' },
] as const;

describe.skipIf(!BROWSER_HERE)('the pages of a benchmark', () => {
  let folder: string;
  let browser: PageBrowser;
  let key: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headstart-bench-report-'));
    const data = await assembleReport(madeUpResults(400), { samples: () => ({ samples: [], withheld: [] }) });
    key = data.cells.at(-1)!.key;
    await writeFile(join(folder, 'report.html'), (await reportFiles(data)).get('report.html')!);
    const snapshot = {
      name: 'A benchmark',
      state: 'running',
      planned: 10,
      refused: 1,
      done: 4,
      failed: 1,
      left: 90,
    } as const;
    const coordinates = { source: 's', train: 'a', adapt: null, test: 'b', strategy: 'x', shots: 8, seed: 0 } as const;
    const cell = { coordinates, state: 'failed', message: 'It failed.', seconds: 1 } as const;
    await writeFile(
      join(folder, 'watch.html'),
      await watchPage({ ...snapshot, latest: [cell], failures: [cell], warnings: ['Fewer workers.'] }),
    );
    browser = await openPageBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  async function violations(page: OpenPage): Promise<string[]> {
    const found: string[] = [];
    for (const view of VIEWS) {
      await page.look(view);
      found.push(...(await page.violations()));
    }
    return found;
  }

  it('opens a cell by its address, shows what is chosen, and has nothing against it for axe', async () => {
    const page = await browser.open(join(folder, 'report.html'));
    // The tables of the charts as well, which are folded away.
    await page.evaluate(`document.querySelectorAll('details').forEach((details) => (details.open = true))`);
    expect(await violations(page)).toEqual([]);
    // Columns of sentences are not squeezed to a word's width.
    await page.look({ width: 1280, theme: 'light' });
    const widths = await page.evaluate<number[]>(
      `[...document.querySelectorAll('td.sentences')].map((cell) => cell.offsetWidth)`,
    );
    expect(Math.min(...widths)).toBeGreaterThan(400);
    expect(widths).not.toEqual([]);
    const opened = await page.evaluate<string>(
      `(location.hash = '#${key}', new Promise((done) => setTimeout(() => done(document.activeElement.id), 100)))`,
    );
    expect(opened).toBe(key);
    const said = await page.evaluate<string>(`(() => {
      const choice = document.querySelector('select[name=strategy]');
      choice.value = 'lora';
      choice.dispatchEvent(new Event('change', { bubbles: true }));
      return document.querySelector('[data-said]').textContent;
    })()`);
    expect(said).toMatch(/^\d+ of \d+ cells$/);
    // The chart's key names what is chosen alone; the address has the choice and the cell.
    const keys = `[...new Set([...document.querySelectorAll('[data-view=convergence] .key li, [data-view=cost] .key li')].map((e) => e.textContent))]`;
    expect(await page.evaluate(keys)).toEqual(['lora']);
    expect(await page.evaluate('location.hash')).toBe(`#${key}?strategy=lora`);
    expect(await violations(page)).toEqual([]);
    expect(page.requests).toEqual([]);
    await page.close();
  }, 120_000);

  it('shows what its address says, keeps that when a cell is opened and closed, and says what is not there', async () => {
    const page = await browser.open(join(folder, 'report.html'));
    const at = (hash: string) =>
      page.evaluate<
        [string, string, string]
      >(`(location.hash = ${JSON.stringify(hash)}, new Promise((done) => setTimeout(() => done([
        document.querySelector('select[name=strategy]').value, document.querySelector('[data-said]').textContent, location.hash,
      ]), 100)))`);
    const some = expect.stringMatching(/^\d+ of \d+ cells$/) as string;
    expect(await at('#?strategy=lora')).toEqual(['lora', some, '#?strategy=lora']);
    expect(await at(`#${key}`)).toEqual(['lora', some, `#${key}?strategy=lora`]);
    await page.evaluate(`document.querySelector('[data-opened] .close').click()`);
    expect(await page.evaluate('location.hash')).toBe('#?strategy=lora');
    expect(await at('#?strategy=nonesuch')).toEqual([
      '',
      'there is no strategy nonesuch in this report',
      '#?strategy=nonesuch',
    ]);
    await page.close();
  }, 60_000);

  it('follows a benchmark that runs, and has nothing against it for axe', async () => {
    const page = await browser.open(join(folder, 'watch.html'));
    expect(await violations(page)).toEqual([]);
    await page.close();
  }, 60_000);
});
