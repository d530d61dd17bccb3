import { gzipSync } from 'node:zlib';
import { either, read, refused, type Expectation } from '../expectation.ts';
import { TEXTS, type FurtherCase } from './further-case.ts';

const right = (more = {}) =>
  read({
    task: 'text-classification',
    labels: ['bad', 'good'],
    samples: 20,
    example: /Lovely for 2 days.*=> good/,
    ...more,
  });
const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const json = (name: string, file: string, contents: string | Buffer, expectation: Expectation): FurtherCase => ({
  name: `json-${name}`,
  part: 'texts',
  files: { [file]: contents },
  target: file,
  expectation,
});

function jsonShapes(): FurtherCase[] {
  const columns = { text: TEXTS.map(({ text }) => text), label: TEXTS.map(({ label }) => label) };
  const told = refused(/JSON/);
  return [
    json('lines-ndjson', 't.ndjson', lines(TEXTS), either(right(), told)),
    json('lines-json', 't.json', lines(TEXTS), either(right())),
    json('lines-txt', 't.txt', lines(TEXTS), either(right(), told)),
    json('lines-crlf', 't.jsonl', lines(TEXTS).replaceAll('\n', '\r\n'), either(right())),
    json('lines-blank', 't.jsonl', lines(TEXTS).replaceAll('\n', '\n\n'), either(right(), refused(/line 2/))),
    json('lines-gz', 't.jsonl.gz', gzipSync(lines(TEXTS)), either(right(), refused(/gzip|gunzip/))),
    json('array', 't.json', JSON.stringify(TEXTS), either(right())),
    json('array-pretty', 't.json', JSON.stringify(TEXTS, null, 2), either(right())),
    json('array-in-rows', 't.json', JSON.stringify({ rows: TEXTS }), either(right(), told)),
    json('array-in-examples', 't.json', JSON.stringify({ name: 'x', examples: TEXTS }), either(right(), told)),
    json('columns', 't.json', JSON.stringify(columns), either(right(), told)),
    json(
      'split',
      't.json',
      JSON.stringify({ columns: ['text', 'label'], index: [], data: TEXTS.map(({ text, label }) => [text, label]) }),
      either(right(), told),
    ),
    json('list-labels', 't.jsonl', lines(TEXTS.map(({ text, label }) => ({ text, labels: [label, 'all'] }))), {
      accept: [read({ task: 'multi-label-classification', labels: ['all', 'bad', 'good'], samples: 20 })],
    }),
    json('csv-gz', 't.csv.gz', gzipSync(['text,label', ...TEXTS.map((row) => `${row.text},${row.label}`)].join('\n')), {
      accept: [right(), refused(/gzip|gunzip/)],
    }),
  ];
}

/** Words for a label that is missing, in three of the rows. */
const MISSING = ['NA', 'n/a', 'nan', '<NA>', '#N/A', 'null', 'NONE', 'nil', '-1', '?', '-', 'undefined'];

function missingLabels(): FurtherCase[] {
  return MISSING.map((word, i) => ({
    name: `missing-${i}-${word.replace(/[^A-Za-z1]/g, '_')}`,
    part: 'inspect',
    files: {
      't.csv': [
        'text,label',
        ...TEXTS.map(({ text, label }, i) => `${text},${[4, 9, 14].includes(i) ? word : label}`),
      ].join('\n'),
    },
    target: 't.csv',
    expectation: either(
      read({ samples: 20, said: [/missing/i, new RegExp(word.replace(/[?]/g, '\\?'))] }),
      read({ samples: 17, unlabelled: 3 }),
      refused(/missing-labels/),
    ),
  }));
}

/** Pairs of names that are one class written in two ways. */
const NEAR_EQUAL: readonly (readonly [name: string, one: string, other: string])[] = [
  ['case', 'Good', 'good'],
  ['upper', 'GOOD', 'good'],
  ['blank', 'good', 'good '],
  ['no-break', 'good', 'good\u00A0'],
  ['zero-width', 'good', 'go\u200Bod'],
  ['nfc-nfd', 'café', 'cafe\u0301'],
  ['integer-float', '1', '1.0'],
  ['inner-blanks', 'very good', 'very  good'],
];

function nearEqualLabels(): FurtherCase[] {
  return NEAR_EQUAL.map(([name, one, other]) => ({
    name: `near-equal-${name}`,
    part: 'inspect',
    files: {
      't.csv': [
        'text,label',
        ...TEXTS.map(({ text, label }, i) => `${text},"${label === 'bad' ? label : i % 4 ? one : other}"`),
      ].join('\n'),
    },
    target: 't.csv',
    expectation: either(
      read({ samples: 20, said: [/near-equal-labels/] }),
      read({ samples: 20, labels: ['bad', one] }),
      read({ samples: 20, labels: ['bad', other] }),
    ),
  }));
}

/** Cells of several labels. */
function severalLabels(): FurtherCase[] {
  const cells: Readonly<Record<string, (labels: readonly string[]) => string>> = {
    bar: (labels) => labels.join('|'),
    semicolon: (labels) => labels.join(';'),
    comma: (labels) => `"${labels.join(', ')}"`,
    'json-list': (labels) => `"${JSON.stringify(labels).replaceAll('"', '""')}"`,
    'python-list': (labels) => `"['${labels.join("', '")}']"`,
    'python-tuple': (labels) => `"('${labels.join("', '")}',)"`,
  };
  const byCell = Object.entries(cells).map(
    ([name, write]): FurtherCase => ({
      name: `several-labels-${name}`,
      part: 'texts',
      files: {
        't.csv': [
          'text,labels',
          ...TEXTS.map(({ text, label }, i) => `${text},${write(i % 3 ? [label] : [label, 'urgent'])}`),
        ].join('\n'),
      },
      target: 't.csv',
      expectation: {
        accept: [
          read({ task: 'multi-label-classification', labels: ['bad', 'good', 'urgent'], samples: 20 }),
          refused(/separat|list|several labels/i),
        ],
        problem: /several labels|separator|combination/i,
      },
    }),
  );
  const words: readonly (readonly [string, string])[] = [
    ['1', '0'],
    ['TRUE', 'FALSE'],
    ['yes', 'no'],
    ['1.0', '0.0'],
    ['x', ''],
  ];
  const oneHot = words.map(
    ([yes, no]): FurtherCase => ({
      name: `one-hot-${yes}`,
      part: 'texts',
      files: {
        't.csv': [
          'text,praise,complaint',
          ...TEXTS.map(({ text, label }) => `${text},${label === 'good' ? `${yes},${no}` : `${no},${yes}`}`),
        ].join('\n'),
      },
      target: 't.csv',
      expectation: either(
        read({ task: 'multi-label-classification', labels: ['complaint', 'praise'], samples: 20 }),
        read({ task: 'text-classification', labels: ['complaint', 'praise'], samples: 20 }),
        refused(/label-column|one-hot|several labels|column a label/i),
      ),
    }),
  );
  return [...byCell, ...oneHot];
}

/** Tables where a column tempts to be taken for what it is not. */
function temptingColumns(): FurtherCase[] {
  const table = (
    name: string,
    head: string,
    row: (text: string, label: string, i: number) => string,
    more = {},
  ): FurtherCase => ({
    name: `tempting-${name}`,
    part: 'texts',
    files: { 't.csv': [head, ...TEXTS.map(({ text, label }, i) => row(text, label, i))].join('\n') },
    target: 't.csv',
    expectation: either(right(more), refused(/text-column|label-column/)),
  });
  return [
    table(
      'uuid',
      'uuid,text,label',
      (text, label, i) => `3f2504e0-4f89-11d3-9a0c-0305e82c33${i + 10},${text},${label}`,
    ),
    table('url', 'url,text,label', (text, label, i) => `https://example.org/a/${i}.html,${text},${label}`),
    table('date', 'date,text,label', (text, label, i) => `2024-01-${i + 10},${text},${label}`),
    table('author', 'author,text,label', (text, label, i) => `${i % 3 ? 'Anna Berg' : 'Tom Weiss'},${text},${label}`),
    table('score-broken', 'text,label,score', (text, label, i) => `${text},${label},${i === 7 ? 'unknown' : i}`),
    table('empty-column', 'text,label,notes', (text, label) => `${text},${label},`),
    table('language', 'text,label,lang', (text, label) => `${text},${label},en`),
    table('index', ',text,label', (text, label, i) => `${i},${text},${label}`),
    table('trailing-comma', 'text,label,', (text, label) => `${text},${label},`),
    table('label-first', 'label,text', (text, label) => `${label},${text}`),
    table('screenshot', 'text,label', (text, label, i) => `${text} see shot${i}.png,${label}`, {
      example: /Lovely.*=> good/,
    }),
    table('long-label', 'text,label,label_id', (text, label) => `${text},${label},${label === 'good' ? 1 : 0}`, {
      labels: undefined,
      example: undefined,
    }),
  ];
}

export const furtherTexts = (): FurtherCase[] => [
  ...jsonShapes(),
  ...missingLabels(),
  ...nearEqualLabels(),
  ...severalLabels(),
  ...temptingColumns(),
];
