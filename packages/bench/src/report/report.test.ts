import { describe, expect, it } from 'vitest';
import { embeddedIn } from './embedded.ts';
import { reportFiles } from './report-files.ts';
import { madeUpRecords, madeUpReport, SMALL, type MadeUp } from './report.test.support.ts';
import type { ReportData } from './report-data.ts';
import { plusMinus } from './rounded.ts';

const ONE: MadeUp = {
  ...SMALL,
  sources: ['minilm-l6'],
  domains: ['amazon'],
  strategies: ['linear-probe'],
  shots: [8],
  seeds: 1,
};
const HOSTILE = '</script><script>alert(1)</script>"\'&\u202e|\n=1+1 \\input{x}';

async function pageOf(data: ReportData): Promise<string> {
  return (await reportFiles(data)).get('report.html')!;
}

/** Text of the page as people read it, without its script and data. */
function readable(page: string): string {
  return page
    .replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&');
}

describe('a report', () => {
  it('is the same bytes for the same records, in whatever order cells of a setting came', async () => {
    const [one, other] = [await reportFiles(await madeUpReport(SMALL)), await reportFiles(await madeUpReport(SMALL))];
    expect([...one]).toEqual([...other]);
    expect([...one.keys()]).toEqual([
      'report.html',
      ...['results', 'verdicts', 'rankings', 'gains', 'cost'].flatMap((name) =>
        ['md', 'tex', 'csv'].map((ending) => `tables/${name}.${ending}`),
      ),
      'report.json',
    ]);
  });

  it('lists the records that it was made from', async () => {
    const records = madeUpRecords(ONE);
    const files = await reportFiles(await madeUpReport(ONE, records));
    const { records: listed } = JSON.parse(files.get('report.json')!) as { records: Record<string, string> };
    expect(listed).toEqual(Object.fromEntries(records.map(({ id, digest }) => [id, digest])));
  });

  it('shows the numbers of its records: the mean of the seeds with its interval, and each run', async () => {
    const records = madeUpRecords(SMALL);
    const data = await madeUpReport(SMALL, records);
    const page = await pageOf(data);
    const text = readable(page);
    for (const cell of data.cells.slice(0, 50)) expect(text).toContain(plusMinus(cell.mean!, cell.interval));
    const found = embeddedIn(page);
    expect(found).toEqual(JSON.parse(JSON.stringify(data)));
    const values = new Map(found.cells.flatMap(({ runs }) => runs.map(({ record, value }) => [record, value])));
    expect(values).toEqual(new Map(records.map(({ id, metrics }) => [id, metrics['accuracy']])));
  });

  it('asks no network and names no time of its making', async () => {
    const page = await pageOf(await madeUpReport(SMALL));
    expect(page.replaceAll('http://www.w3.org/', '')).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page).not.toContain('2026-11-28');
  });

  it('tells what failed and that seeds are few, where no run was done', async () => {
    const matrix = { ...SMALL, fails: () => true };
    const text = readable(await pageOf(await madeUpReport(matrix)));
    expect(text).toContain('No run was done: there are no numbers to compare.');
    expect(text).toContain('The loss became NaN.');
    expect(text).toContain('320');
    const few = readable(await pageOf(await madeUpReport({ ...SMALL, seeds: 2 })));
    expect(few).toMatch(/fewer than 5 seeds \(2 at least\)/);
  });

  it('stands of one run, and without a baseline', async () => {
    const text = readable(await pageOf(await madeUpReport(ONE)));
    for (const absent of ['Verdicts', 'Learning curves', 'Rankings']) expect(text).not.toContain(absent);
    const data = { ...(await madeUpReport({ ...SMALL, seeds: 1 })), baseline: 'zero-shot' };
    expect(readable(await pageOf(data))).toContain('The baseline zero-shot has no run: nothing is compared with it.');
  });

  it('lets no name become a part of it', async () => {
    const names = { sources: [HOSTILE], domains: [HOSTILE, 'x'.repeat(10_000)], strategies: [HOSTILE, `${HOSTILE}2`] };
    const data = await madeUpReport({ ...SMALL, ...names, name: HOSTILE, shots: [8], seeds: 5 });
    const files = await reportFiles(data);
    const page = files.get('report.html')!;
    expect(page).not.toContain('<script>alert');
    expect(page.match(/<script\b/g)).toHaveLength(3);
    expect(embeddedIn(page)).toEqual(JSON.parse(JSON.stringify(data)));
    for (const [path, text] of files) if (path.endsWith('.csv')) expect(text).not.toMatch(/(^|[,\n])"?=/);
    expect(files.get('tables/results.tex')).not.toContain('\\input');
    expect(files.get('tables/results.md')).not.toMatch(/[^\\]<script/);
  });
});
