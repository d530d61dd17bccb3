import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import type { Html } from '../html.ts';
import {
  barChart,
  criticalDifference,
  histogram,
  intervalPlot,
  lineChart,
  scatterChart,
  type ChartText,
} from '../index.ts';

const HOSTILE = '<script>alert("1")</script>&\'';
const text: ChartText = { title: `Title ${HOSTILE}`, description: `What it shows ${HOSTILE}` };
const points = [
  { x: 1, y: 0.5, low: 0.4, high: 0.6 },
  { x: 10, y: 0.75, low: 0.7, high: 0.8 },
  { x: 100, y: 1 },
];

const charts: Readonly<Record<string, () => Html>> = {
  line: () =>
    lineChart({
      ...text,
      x: { label: 'shots', scale: 'log' },
      y: { label: 'accuracy' },
      series: [
        { name: HOSTILE, points },
        { name: 'other', points: points.slice(1) },
      ],
    }),
  bar: () =>
    barChart({
      ...text,
      x: { label: 'accuracy' },
      categories: [HOSTILE, 'b'],
      series: [{ name: HOSTILE, values: [{ value: 0.5, low: 0.4, high: 0.6 }, undefined] }],
    }),
  scatter: () =>
    scatterChart({
      ...text,
      x: { label: 'seconds', scale: 'log' },
      y: { label: 'accuracy' },
      points: points.map((point) => ({ ...point, name: HOSTILE, group: HOSTILE })),
    }),
  interval: () =>
    intervalPlot({
      ...text,
      x: { label: 'difference' },
      reference: 0,
      zone: [-0.1, 0.1],
      rows: [{ name: HOSTILE, value: 0.2, low: -0.1, high: 0.5, group: HOSTILE }],
    }),
  'critical difference': () =>
    criticalDifference({
      ...text,
      ranks: [
        { name: HOSTILE, rank: 1.25 },
        { name: 'b', rank: 2.5 },
        { name: 'c', rank: 2.75 },
      ],
      ties: [['b', 'c']],
    }),
  histogram: () => histogram({ ...text, x: { label: HOSTILE }, values: [0.1, 0.2, 0.21, 0.9] }),
};

/** The elements of well-formed markup in order, with their attributes and the text in them. */
function parse(markup: string) {
  const found: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const open: typeof found = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: '' };
    found.push(element);
    open.push(element);
  });
  parser.on('text', (more) => open.forEach((element) => (element.text += more)));
  parser.on('closetag', () => void open.pop());
  parser.write(markup).close();
  return found;
}

const lengths = (path: string) => [...path.matchAll(/-?[\d.]+/g)].map(([number]) => Number(number));

describe.each(Object.entries(charts))('a %s chart', (_kind, draw) => {
  const elements = parse(draw().toString());
  const of = (name: string) => elements.filter((element) => element.name === name);

  it('has a title, says what it shows, and has its data as a table with headers', () => {
    expect(elements[0]).toMatchObject({ name: 'figure', attributes: { class: 'chart' } });
    expect(of('figcaption')[0]!.text).toBe(text.title + text.description);
    const picture = of('svg').filter(({ attributes }) => attributes['role'] === 'img');
    expect(picture).toHaveLength(1);
    const after = elements.slice(elements.indexOf(picture[0]!) + 1);
    expect(after.slice(0, 2).map(({ name, text }) => [name, text])).toEqual([
      ['title', text.title],
      ['desc', text.description],
    ]);
    expect(of('details')).toHaveLength(1);
    expect(of('caption').map(({ text }) => text)).toEqual([text.title]);
    expect(of('th').every(({ attributes }) => ['col', 'row'].includes(attributes['scope']!))).toBe(true);
    expect(of('tr').length).toBeGreaterThan(1);
  });

  it('takes no name for markup, needs no ids, and is the same to the byte', () => {
    expect(of('script')).toEqual([]);
    expect(elements.filter(({ attributes }) => 'id' in attributes)).toEqual([]);
    expect(draw().toString()).toBe(draw().toString());
    expect(draw().toString()).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('charts', () => {
  it('place points where their axes say', () => {
    const elements = parse(charts['line']!().toString());
    const line = elements.find(
      ({ attributes }) => attributes['class'] === 'line s0' && attributes['d']!.includes('L'),
    )!;
    const [x0, y0, x1, y1, x2, y2] = lengths(line.attributes['d']!) as [number, number, number, number, number, number];
    // 1, 10 and 100 on a logarithmic axis, 0.5, 0.75 and 1 on a linear one.
    expect(x1 - x0).toBeCloseTo(x2 - x1, 0);
    expect(y0 - y1).toBeCloseTo(y1 - y2, 0);
    // 3 % of the axis' logarithm are left free at either end: 484 pixels from 62, of which 1.06 parts are shown.
    expect(x0).toBeCloseTo(62 + (484 * 0.03) / 1.06, 1);
    expect(x2).toBeCloseTo(546 - (484 * 0.03) / 1.06, 1);
    const band = elements.find(({ attributes }) => attributes['class'] === 'band s0')!;
    const edges = lengths(band.attributes['d']!);
    expect([edges[1]! < y0, edges.at(-1)! > y0]).toEqual([true, true]);
  });

  it('draw bars from zero, to both sides', () => {
    const both = barChart({
      ...text,
      x: { label: 'gain' },
      categories: ['loss', 'gain'],
      series: [{ name: 'gain', values: [{ value: -1 }, { value: 2 }] }],
    });
    const [loss, gain] = parse(both.toString())
      .filter(({ attributes }) => attributes['class'] === 'bar s0')
      .map(({ attributes }) => ({ left: Number(attributes['x']), width: Number(attributes['width']) }));
    expect(loss!.left + loss!.width).toBeCloseTo(gain!.left, 1);
    expect(gain!.width / loss!.width).toBeCloseTo(2, 2);
  });

  it('count every value of a histogram, at edges that are round', () => {
    const counts = parse(charts['histogram']!().toString()).filter(
      ({ name, attributes }) => name === 'td' && attributes['class'] === 'n',
    );
    const numbers = counts.map(({ text }) => Number(text));
    // Two cells a row beside the first: where the bin ends, and how many there are.
    expect(numbers.filter((_, i) => i % 2 === 1).reduce((sum, count) => sum + count, 0)).toBe(4);
  });

  it('join those that are tied, and no others', () => {
    const ties = parse(charts['critical difference']!().toString()).filter(
      ({ attributes }) => attributes['class'] === 'tie',
    );
    const [from, , to] = lengths(ties[0]!.attributes['d']!) as [number, number, number];
    expect(ties).toHaveLength(1);
    // Ranks 1 to 3 over 240 pixels from 160: 2.5 and 2.75, with 3 pixels more at either end.
    expect([from, to]).toEqual([160 + 0.75 * 240 - 3, 160 + 0.875 * 240 + 3]);
  });

  it('tell series by dashes and markers as well as by colour', () => {
    const series = Array.from({ length: 18 }, (_, i) => ({
      name: `s${i}`,
      points: points.map(({ x }) => ({ x, y: i })),
    }));
    const elements = parse(lineChart({ ...text, x: { label: 'x' }, y: { label: 'y' }, series }).toString());
    const key = elements.slice(
      elements.findIndex(({ name }) => name === 'ul'),
      elements.findIndex(({ attributes }) => attributes['class'] === 'scroll'),
    );
    const lines = key.filter(({ attributes }) => attributes['class']?.startsWith('line'));
    const marks = key.filter(({ attributes }) => attributes['class']?.startsWith('mark'));
    const looks = lines.map(({ attributes }, i) => `${attributes['stroke-dasharray']} ${marks[i]!.attributes['d']}`);
    expect(new Set(looks).size).toBe(18);
  });

  it('refuse what an axis cannot show', () => {
    const wrong = { ...text, x: { label: 'seconds', scale: 'log' }, y: { label: 'y' } } as const;
    expect(() => lineChart({ ...wrong, series: [{ name: 'a', points: [{ x: 0, y: 1 }] }] })).toThrow(
      'The log axis "seconds" cannot show 0.',
    );
    const nothing = { ...wrong, x: { label: 'x' }, series: [{ name: 'a', points: [{ x: 1, y: Number.NaN }] }] };
    expect(() => lineChart(nothing)).toThrow('The linear axis "y" cannot show NaN.');
  });

  it('stand without data, and with a single value', () => {
    const axes = { x: { label: 'x' }, y: { label: 'y' } };
    for (const chart of [
      lineChart({ ...text, ...axes, series: [] }),
      lineChart({ ...text, ...axes, x: { label: 'x', scale: 'log' }, series: [] }),
      lineChart({ ...text, ...axes, series: [{ name: 'a', points: [{ x: 1, y: 1 }] }] }),
      scatterChart({ ...text, ...axes, points: [] }),
      barChart({ ...text, ...axes, categories: [], series: [] }),
      intervalPlot({ ...text, ...axes, rows: [] }),
      histogram({ ...text, ...axes, values: [] }),
      criticalDifference({ ...text, ranks: [{ name: 'a', rank: 1 }], ties: [] }),
    ])
      expect(chart.toString()).not.toMatch(/NaN|undefined|Infinity/);
  });
});
