import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { contrast, linear, rgbOf, textOn } from './colour.ts';
import {
  COLOURS,
  dataTable,
  facts,
  heatMap,
  html,
  Html,
  htmlPage,
  notices,
  numbers,
  SERIES_COLOURS,
  sheet,
} from './index.ts';
import { heatColour } from './tables/heat-colour.ts';

const HOSTILE = '</title></script><script>alert(1)</script><img src=x onerror="alert(1)">\'&';

const page = () =>
  htmlPage({
    title: HOSTILE,
    lead: HOSTILE,
    body: html`${facts([[HOSTILE, HOSTILE]])}${numbers([[HOSTILE, HOSTILE]])}${notices([{ kind: 'bad', message: HOSTILE, details: [HOSTILE] }])}`,
    sections: [
      { title: HOSTILE, note: HOSTILE, body: HOSTILE },
      { title: 'Two', body: sheet([{ picture: HOSTILE, caption: HOSTILE }]) },
      { title: 'Tables', body: [dataTable({ caption: HOSTILE, columns: [HOSTILE], rows: [[HOSTILE]] })] },
    ],
    script: 'document.title = "</script><!--";',
  });

describe('html', () => {
  it('escapes texts, takes HTML as it is, joins lists, and leaves out what is not there', () => {
    expect(html`<p>${'<b>'}${html`<b>${1}</b>`}${['&', new Html('&amp;')]}${undefined}${false}</p>`.toString()).toBe(
      '<p>&lt;b&gt;<b>1</b>&amp;&amp;</p>',
    );
  });
});

describe('htmlPage', () => {
  it('is a document with its language, both themes, a skip link, a navigation and headings in order', () => {
    const text = page();
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(text).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(text).toContain('<meta name="color-scheme" content="light dark">');
    const targets = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!);
    expect(targets).toEqual(['content', 's1-title-script-script-alert-1-script-img', 's2-two', 's3-tables']);
    for (const id of targets) expect(text.split(`id="${id}"`)).toHaveLength(2);
    expect([...text.matchAll(/<h(\d)/g)].map(([, level]) => level)).toEqual(['1', '2', '2', '2']);
    expect(htmlPage({ title: 'One', sections: [{ title: 'Only', body: '' }] })).not.toContain('<nav');
  });

  it('takes no text for markup, and lets no script run but its own', () => {
    const text = page();
    const scripts = [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, script]) => script!);
    expect(scripts).toHaveLength(2);
    expect(text).not.toContain('<img');
    const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(text)!;
    const rules = new Map(
      policy!
        .replaceAll('&#39;', "'")
        .split('; ')
        .map((rule) => [rule.split(' ')[0], rule]),
    );
    const digests = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(rules.get('script-src')).toBe(`script-src ${digests.join(' ')}`);
    expect(rules.get('default-src')).toBe("default-src 'none'");
    expect([...rules.values()].filter((rule) => /connect-src|\*|http/.test(rule))).toEqual([]);
    expect(htmlPage({ title: '', loads: 'own files' })).toContain('connect-src &#39;self&#39;');
  });

  it('is the same to the byte', () => {
    expect(page()).toBe(page());
  });
});

describe('dataTable', () => {
  it('names rows and columns, sets numbers right, and keeps the values that they are sorted by', () => {
    const table = dataTable({
      caption: 'Runs',
      columns: ['run', { title: 'accuracy', numeric: true, format: (value) => value.toFixed(2) }],
      rows: [
        ['a', 0.123],
        ['b', undefined],
        ['c', { content: html`<b>best</b>`, value: 1 }],
      ],
    }).toString();
    expect(table).toContain('<div class="scroll" role="group" aria-label="Runs" tabindex="0"><table data-sortable="">');
    expect(table).toContain('<th scope="col">run</th><th scope="col" class="n">accuracy</th>');
    expect(table).toContain('<th scope="row">a</th><td class="n" data-value="0.123">0.12</td>');
    expect(table).toContain('<td class="n" data-value="">–</td>');
    expect(table).toContain('<td class="n" data-value="1"><b>best</b></td>');
    expect(dataTable({ caption: '', columns: ['a'], rows: [['b']] }).toString()).not.toContain('data-sortable');
  });
});

/** What people see who lack one kind of cones (Machado, Oliveira and Fernandes 2009, severity 1), in linear light. */
const SEEN = {
  all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  'no red': [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  'no green': [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  'no blue': [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

/** CIELAB of a colour as it is seen. */
function lab(hex: string, seen: readonly number[]): number[] {
  const light = rgbOf(hex).map(linear);
  const [r, g, b] = [0, 3, 6].map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        light.reduce((sum, part, i) => sum + part * seen[row + i]!, 0),
      ),
    ),
  ) as [number, number, number];
  const white = [0.95047, 1, 1.08883];
  const [x, y, z] = [
    0.4124 * r + 0.3576 * g + 0.1805 * b,
    0.2126 * r + 0.7152 * g + 0.0722 * b,
    0.0193 * r + 0.1192 * g + 0.9505 * b,
  ].map((value, i) => {
    const share = value / white[i]!;
    return share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116;
  }) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe.each(['light', 'dark'] as const)('colours of the %s theme', (theme) => {
  const { paper, card, stripe, ink, dim, accent, good, warn, bad, edge } = COLOURS;

  it('let texts be read, and controls and marks be seen', () => {
    for (const ground of [paper, card, stripe]) {
      for (const text of [ink, dim, accent, good, warn, bad])
        expect(contrast(text[theme], ground[theme]), `${text[theme]} on ${ground[theme]}`).toBeGreaterThanOrEqual(4.5);
    }
    for (const ground of [paper, card])
      for (const mark of [edge, ...SERIES_COLOURS])
        expect(contrast(mark[theme], ground[theme]), `${mark[theme]} on ${ground[theme]}`).toBeGreaterThanOrEqual(3);
    // The skip link: paper on accent.
    expect(contrast(paper[theme], accent[theme])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.entries(SEEN))('keep series apart for people who see %s', (_who, seen) => {
    const places = SERIES_COLOURS.map((colour) => lab(colour[theme], seen));
    const apart = places.flatMap((a, i) => places.slice(0, i).map((b) => Math.hypot(...a.map((v, k) => v - b[k]!))));
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(15);
  });
});

describe('heatMap', () => {
  it('has a text on each colour that can be read, whatever the value', () => {
    expect(contrast('#000000', '#ffffff')).toBe(21);
    for (const scale of ['sequential', 'diverging'] as const) {
      const colour = heatColour(scale, [-1, 2]);
      const grounds = Array.from({ length: 301 }, (_, i) => colour(i / 50 - 3)).flatMap(({ light, dark }) => [
        light,
        dark,
      ]);
      expect(Math.min(...grounds.map((ground) => contrast(textOn(ground), ground)))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('goes away from the page by rising value, for people of any sight', () => {
    const colour = heatColour('sequential', [0, 1]);
    for (const seen of Object.values(SEEN)) {
      const lightness = (theme: 'light' | 'dark') =>
        Array.from({ length: 21 }, (_, i) => lab(colour(i / 20)[theme], seen)[0]!);
      expect(lightness('dark')).toEqual(lightness('dark').sort((a, b) => a - b));
      expect(lightness('light')).toEqual(lightness('light').sort((a, b) => b - a));
    }
    const both = heatColour('diverging', [-1, 0.5]);
    expect([both(-1), both(0), both(1)].map(({ light }) => light)).toEqual(['#08519c', '#f5f5f5', '#8f3f00']);
  });

  it('is a table with headers, whose cells show their values, and a scale', () => {
    const map = heatMap({
      caption: 'Accuracy',
      corner: 'source ↓ test →',
      columns: ['a', 'b'],
      rows: [
        { title: 'x', cells: [{ value: 0, marked: true, note: HOSTILE }, { value: 1 }] },
        { title: 'y', cells: [{}] },
      ],
      format: (value) => value.toFixed(1),
    }).toString();
    expect(map).toContain(
      '<th scope="row">x</th><td class="shaded marked" style="--shade: light-dark(#eef4fc, #1e2a3d); --text: light-dark(#000000, #ffffff)"',
    );
    expect(map).toContain(
      'style="--shade: light-dark(#08306b, #dbeafd); --text: light-dark(#ffffff, #000000)">1.0</td>',
    );
    expect(map).toContain('<th scope="row">y</th><td>–</td><td>–</td>');
    expect(map).toContain('<span>0.0</span>');
    expect(map).not.toContain('<img');
  });
});
