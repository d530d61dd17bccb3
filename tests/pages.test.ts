import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeadstart } from '@headstart/core';
import {
  barChart,
  criticalDifference,
  dataTable,
  facts,
  grid,
  heatMap,
  histogram,
  html,
  htmlPage,
  intervalPlot,
  lineChart,
  notices,
  numbers,
  scatterChart,
} from '@headstart/core/pages';
import { plainBackend } from '@headstart/core/testing';
import { mistakesOfFiles, reportOfFiles } from '@headstart/detection';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_HERE } from './chromium.ts';
import { openPageBrowser, PAGE_VIEWS, type OpenPage, type PageBrowser } from './page-browser.ts';
import { writeClasses } from './page-pictures.ts';

const text = (title: string) => ({ title, description: `What ${title} shows.` });
const accuracy = { label: 'accuracy' };
const names = ['probe', 'fine-tune', 'lora', 'scratch'];

/** A page of all the parts there are. */
const everyPart = () =>
  htmlPage({
    title: 'Every part',
    lead: 'Of the kit.',
    body: [
      numbers([['cells', '240']]),
      facts([['reader', 'folders']]),
      notices((['good', 'warn', 'bad', 'plain'] as const).map((kind) => ({ kind, message: kind, details: ['More.'] }))),
    ],
    sections: [
      {
        title: 'Charts',
        body: grid([
          lineChart({
            ...text('Curves'),
            x: { label: 'shots', scale: 'log' },
            y: accuracy,
            series: names.map((name, i) => ({
              name,
              points: [1, 4, 16].map((x) => ({ x, y: 0.5 + i / 10, low: 0.4 + i / 10, high: 0.6 + i / 10 })),
            })),
          }),
          barChart({
            ...text('Bars'),
            x: accuracy,
            categories: ['a', 'b'],
            series: names.map((name) => ({ name, values: [{ value: 0.5, low: 0.4, high: 0.6 }, undefined] })),
          }),
          scatterChart({
            ...text('Points'),
            x: { label: 'seconds' },
            y: accuracy,
            points: names.map((name, i) => ({ name, group: name, x: i, y: i })),
          }),
          intervalPlot({
            ...text('Intervals'),
            x: accuracy,
            reference: 0,
            zone: [-0.1, 0.1],
            rows: names.map((name, i) => ({ name, value: i / 10, low: 0, high: i / 5, group: name })),
          }),
          criticalDifference({
            ...text('Ranks'),
            ranks: names.map((name, i) => ({ name, rank: i + 1 })),
            ties: [names.slice(0, 2)],
          }),
          histogram({ ...text('Counts'), x: accuracy, values: [1, 2, 2, 3] }),
        ]),
      },
      {
        title: 'Tables',
        body: html`${heatMap({
          caption: 'A heat map',
          corner: 'from ↓ to →',
          columns: names,
          rows: names.map((title, i) => ({ title, cells: names.map((_, j) => ({ value: i - j, marked: i === j })) })),
          format: String,
          scale: 'diverging',
        })}${dataTable({
          caption: 'Runs',
          columns: ['run', { title: 'accuracy', numeric: true }, 'note'],
          rows: names.map((name, i) => [name, (i * 7) % 4, `${name} `.repeat(40)]),
          wide: true,
        })}`,
      },
    ],
  });

/** The pages of a detector's output: what it gets right, and its mistakes. */
async function detectionPages(root: string): Promise<Record<string, string>> {
  const [gt, dt] = [join(root, 'gt.json'), join(root, 'dt.json')];
  const picture = sharp({ create: { width: 100, height: 80, channels: 3, background: '#889' } });
  await picture.png().toFile(join(root, '1.png'));
  const categories = ['cup', 'dog'].map((name, id) => ({ id, name }));
  const boxes = [0, 1].map((id) => ({ id, image_id: 1, category_id: id, bbox: [10 + 40 * id, 10, 30, 30] }));
  const images = [{ id: 1, file_name: '1.png', width: 100, height: 80 }];
  const annotations = boxes.map((box) => ({ ...box, area: 900, iscrowd: 0 }));
  await writeFile(gt, JSON.stringify({ images, categories, annotations }));
  await writeFile(dt, JSON.stringify(boxes.map(({ id: _id, ...box }) => ({ ...box, category_id: 0, score: 0.9 }))));
  return { report: await reportOfFiles(gt, dt), mistakes: await mistakesOfFiles(gt, dt) };
}

/** The pages of data of two kinds. */
async function inspectionPages(root: string): Promise<Record<string, string>> {
  const headstart = await createHeadstart({ backend: await plainBackend(), plugins: [vision(), nlp()] });
  const [photos, reviews] = [join(root, 'photos'), join(root, 'reviews.csv')];
  await mkdir(photos);
  await writeClasses(photos);
  const rows = Array.from(
    { length: 30 },
    (_, i) => `"text ${i} is long enough to be a text",${i % 2 ? 'good' : 'bad'}`,
  );
  await writeFile(reviews, ['text,label', ...rows].join('\n'));
  const page = async (target: string) => (await headstart.inspect({ target }, { page: true })).page!;
  const pages = { pictures: await page(photos), texts: await page(reviews) };
  await headstart.close();
  return pages;
}

/** The worst mistakes of a model of texts: half of the labels are wrong, so that there are some, with their words marked. */
async function textMistakes(root: string): Promise<Record<string, string>> {
  const headstart = await createHeadstart({
    backend: await plainBackend(),
    plugins: [nlp()],
    cacheRoot: join(root, 'cache'),
  });
  const [vectors, texts] = [join(root, 'vectors.txt'), join(root, 'labelled.csv')];
  const words = ['fine', 'poor', 'film', 'meal', 'room', 'very'];
  await writeFile(
    vectors,
    words.map((word, i) => `${word} ${words.map((_, j) => Number(i === j)).join(' ')}\n`).join(''),
  );
  const rows = Array.from(
    { length: 40 },
    (_, i) => `"${words[i % 2]} ${words[2 + (i % 3)]} ${'very '.repeat(i)}",${i % 4 < 2 ? 'praise' : 'blame'}`,
  );
  await writeFile(texts, ['text,label', ...rows].join('\n'));
  const source = `vectors:${vectors}`;
  const { model } = await headstart.train({
    target: texts,
    source,
    epochs: 5,
    learningRate: 0.1,
    out: join(root, 'run'),
  });
  const loaded = await headstart.load(model);
  const { pages } = await loaded.evaluate(texts, { split: 'all', pages: ['mistakes'] });
  loaded.dispose();
  await headstart.close();
  expect(pages.mistakes).toMatch(/<mark style="--weight: 40%"/);
  return { 'text-mistakes': pages.mistakes! };
}

describe.skipIf(!BROWSER_HERE)('pages in a browser', () => {
  let root: string;
  let browser: PageBrowser;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-pages-'));
    const pages = {
      kit: everyPart(),
      ...(await detectionPages(root)),
      ...(await inspectionPages(root)),
      ...(await textMistakes(root)),
    };
    for (const [name, page] of Object.entries(pages)) await writeFile(join(root, `${name}.html`), page);
    browser = await openPageBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await rm(root, { recursive: true });
  });

  /** What is done with an open page that is closed afterwards. */
  async function open<T>(name: string, use: (page: OpenPage) => Promise<T>): Promise<T> {
    const page = await browser.open(join(root, `${name}.html`));
    try {
      return await use(page);
    } finally {
      await page.close();
    }
  }

  // What is made of the kit's parts is looked at in each window once.
  const few = PAGE_VIEWS.filter((_, i) => [1, 2, 5].includes(i));
  it.each([
    ['kit', PAGE_VIEWS],
    ...['report', 'mistakes', 'text-mistakes', 'pictures', 'texts'].map((name) => [name, few] as const),
  ] as const)(
    '%s: axe finds nothing in either theme and any window, nothing is wider than the window, nothing is asked of a network',
    (name, views) =>
      open(name, async (page) => {
        for (const view of views) {
          await page.look(view);
          const what = `${view.width} ${view.theme}`;
          expect(await page.violations(), what).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth'), what).toBe(view.width);
        }
        expect(page.requests).toEqual([]);
      }),
  );

  it('fill a wide window', () =>
    open('kit', async (page) => {
      await page.look({ width: 1920, theme: 'light' });
      const edges = `[...document.querySelectorAll('.chart svg[role], .scroll.wide')].map((e) => e.getBoundingClientRect().right)`;
      expect(Math.max(...(await page.evaluate<number[]>(edges)))).toBeGreaterThan(1850);
    }));

  it('change the theme by a button, and say which it would be next', () =>
    open('kit', async (page) => {
      const look = () =>
        page.evaluate(
          `[document.querySelector('.theme').textContent, getComputedStyle(document.body).backgroundColor]`,
        );
      const dark = ['Light theme', 'rgb(20, 23, 30)'];
      const light = ['Dark theme', 'rgb(255, 255, 255)'];
      await page.look({ width: 1280, theme: 'dark' });
      await expect.poll(look).toEqual(dark); // the browser tells the page a frame later
      for (const theme of [light, dark]) {
        await page.evaluate(`document.querySelector('.theme').click()`);
        expect(await look()).toEqual(theme);
      }
    }));

  it('sort by a column, first the greatest, then the least, and tell a screen reader', () =>
    open('kit', async (page) => {
      const click = `(() => {
        const table = [...document.querySelectorAll('table')].find((t) => t.caption.textContent === 'Runs');
        const head = table.tHead.rows[0].cells[1];
        head.querySelector('button').click();
        return [head.getAttribute('aria-sort'), ...[...table.tBodies[0].rows].map((row) => Number(row.cells[1].textContent))];
      })()`;
      expect(await page.evaluate(click)).toEqual(['descending', 3, 2, 1, 0]);
      expect(await page.evaluate(click)).toEqual(['ascending', 0, 1, 2, 3]);
    }));

  it('are printed light, with all details opened', () =>
    open('kit', async (page) => {
      await page.look({ width: 1280, theme: 'dark' });
      expect((await page.pdf()).subarray(0, 5).toString()).toBe('%PDF-');
      expect(await page.evaluate(`[...document.querySelectorAll('details')].every(({ open }) => open)`)).toBe(true);
    }));
});
