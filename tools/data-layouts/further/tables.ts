import { either, read, refused, type Acceptable } from '../expectation.ts';
import { picture, TEXTS, type FurtherCase } from './further-case.ts';

const SEPARATORS = { comma: ',', semicolon: ';', tab: '\t', bar: '|' };
const HEADERS = { plain: ['text', 'label'], caps: ['TEXT', 'Label'], other: ['Review', 'Sentiment'], none: undefined };
const ENCODINGS = {
  utf8: (text: string) => Buffer.from(text),
  bom: (text: string) => Buffer.from(`\uFEFF${text}`),
  utf16le: (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  utf16be: (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  cp1252: (text: string) => Buffer.from(text, 'latin1'),
};
const QUOTING = { minimal: false, all: true };
const LINE_ENDS = { lf: '\n', crlf: '\r\n', cr: '\r' };

const quoted = (cell: string, separator: string, all: boolean) =>
  all || cell.includes(separator) || cell.includes('"') || /[\r\n]/.test(cell)
    ? `"${cell.replaceAll('"', '""')}"`
    : cell;

/** Texts of all that a table can be written with: the n-th choice of each, so that every pair of choices occurs. */
function textTables(): FurtherCase[] {
  const cases: FurtherCase[] = [];
  let n = 0;
  for (const [separatorName, separator] of Object.entries(SEPARATORS))
    for (const [encoding, encode] of Object.entries(ENCODINGS))
      for (const [headerName, header] of Object.entries(HEADERS)) {
        n++;
        if (n % 2 === 1 && encoding !== 'utf8') continue;
        const [lineEndName, lineEnd] = Object.entries(LINE_ENDS)[n % 3]!;
        const [quoting, all] = Object.entries(QUOTING)[n % 2]!;
        const texts = TEXTS.map(({ text, label }, i) => [i % 5 === 0 ? `${text}, "really"; yes é` : text, label]);
        const lines = [...(header ? [header] : []), ...texts].map((cells) =>
          cells.map((cell) => quoted(cell, separator, all)).join(separator),
        );
        const file = separatorName === 'tab' ? (n % 4 ? 't.tsv' : 't.csv') : 't.csv';
        const ways: Acceptable[] = encoding === 'cp1252' ? [refused(/UTF-8/)] : [];
        if (!header) ways.push(refused(/header=no/));
        cases.push({
          name: `texts-${separatorName}-${headerName}-${encoding}-${quoting}-${lineEndName}`,
          part: 'tables',
          files: { [file]: encode(lines.join(lineEnd) + lineEnd) },
          target: file,
          expectation: either(
            read({
              task: 'text-classification',
              labels: ['bad', 'good'],
              samples: 20,
              example: /Lovely for 2 days of use, "really"; yes é => good/,
            }),
            ...ways,
          ),
        });
      }
  return cases;
}

const pictures = () => Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`images/p${i}.png`, picture(i)]));
const label = (i: number) => (i % 2 ? 'dog' : 'cat');
const pictureReading = (more = {}) =>
  read({ task: 'image-classification', labels: ['cat', 'dog'], samples: 16, example: /p0\.png.*=> cat/, ...more });

/** Tables of pictures by separator, and by the words at their heads. */
function pictureTables(): FurtherCase[] {
  const bySeparator = Object.entries(SEPARATORS).flatMap(([name, separator]) =>
    [true, false].map((header): FurtherCase => {
      const rows = Array.from({ length: 16 }, (_, i) => `images/p${i}.png${separator}${label(i)}`);
      const file = name === 'tab' ? 'list.tsv' : 'list.csv';
      return {
        name: `pictures-${name}-${header ? 'header' : 'no-header'}`,
        part: 'pictures',
        files: { ...pictures(), [file]: [...(header ? [`file${separator}class`] : []), ...rows].join('\n') },
        target: file,
        expectation: either(pictureReading()),
      };
    }),
  );
  const heads = ['ImagePath,Label', 'img,tag', 'picture,category', 'IMAGE_FILE,CLASS_NAME', 'fname,species', 'jpg,y'];
  const byHead = heads.map(
    (head): FurtherCase => ({
      name: `pictures-head-${head.replace(',', '-')}`,
      part: 'pictures',
      files: {
        ...pictures(),
        'list.csv': [head, ...Array.from({ length: 16 }, (_, i) => `images/p${i}.png,${label(i)}`)].join('\n'),
      },
      target: 'list.csv',
      expectation: either(pictureReading(), refused(/path-column|label-column/)),
    }),
  );
  return [...bySeparator, ...byHead];
}

/** How tables write the path of a picture that lies in images/ beside them. */
const WRITTEN: Readonly<Record<string, (name: string) => string>> = {
  'dot-slash': (name) => `./images/${name}`,
  'double-slash': (name) => `images//${name}`,
  'other-case': (name) => `Images/${name.toUpperCase()}`,
  backslash: (name) => `images\\${name}`,
  'percent-coded': (name) => `images/${name.replace('p', '%70')}`,
  'mac-absolute': (name) => `/Volumes/anna/Desktop/set/images/${name}`,
  'windows-drive': (name) => `D:\\set\\images\\${name}`,
  'windows-share': (name) => `\\\\server\\share\\images\\${name}`,
  colab: (name) => `/content/drive/MyDrive/set/images/${name}`,
  'file-url': (name) => `file:///data/me/set/images/${name}`,
  upwards: (name) => `../../other/images/${name}`,
  'base-name': (name) => name,
  'no-ending': (name) => `images/${name.replace('.png', '')}`,
  'other-ending': (name) => `images/${name.replace('.png', '.jpg')}`,
};

function writtenPaths(): FurtherCase[] {
  return Object.entries(WRITTEN).map(([name, write]) => ({
    name: `paths-${name}`,
    part: 'pictures',
    files: {
      ...pictures(),
      'list.csv': ['path,label', ...Array.from({ length: 16 }, (_, i) => `${write(`p${i}.png`)},${label(i)}`)].join(
        '\n',
      ),
    },
    target: 'list.csv',
    expectation: either(
      pictureReading({ example: /=> cat/ }),
      refused(/p0|P0|%700/, /no such file|no picture|ending=|root=/),
    ),
  }));
}

/** The words of a column of splits, for texts and for pictures. */
const SPLIT_WORDS: readonly (readonly [train: string, other: string, which: 'validation' | 'test'])[] = [
  ['TRAIN', 'TEST', 'test'],
  ['Training', 'Validation', 'validation'],
  ['train', 'dev', 'validation'],
  ['trn', 'tst', 'test'],
  ['train', 'holdout', 'test'],
  ['training_set', 'test_set', 'test'],
  ['train', 'eval', 'validation'],
];
const SPLIT_COLUMNS = ['split', 'Set', 'subset', 'fold_name', 'data set', 'usage', 'partition'];

function splitColumns(): FurtherCase[] {
  return SPLIT_WORDS.flatMap(([train, other, which], n) => {
    const column = SPLIT_COLUMNS[n]!;
    const word = (i: number) => (i % 5 === 0 ? other : train);
    const assigned = (total: number) => {
      const some = Math.ceil(total / 5);
      return which === 'test' ? ([total - some, 0, some] as const) : ([total - some, some, 0] as const);
    };
    const told = refused(new RegExp(column), /split-column|split/);
    const texts: FurtherCase = {
      name: `split-column-texts-${column}-${other}`,
      part: 'texts',
      files: {
        't.csv': [`text,label,${column}`, ...TEXTS.map((row, i) => `${row.text},${row.label},${word(i)}`)].join('\n'),
      },
      target: 't.csv',
      expectation: either(read({ task: 'text-classification', labels: ['bad', 'good'], splits: assigned(20) }), told),
    };
    const rows = Array.from({ length: 16 }, (_, i) => `images/p${i}.png,${label(i)},${word(i)}`);
    const images: FurtherCase = {
      name: `split-column-pictures-${column}-${other}`,
      part: 'pictures',
      files: { ...pictures(), 'list.csv': [`path,label,${column}`, ...rows].join('\n') },
      target: 'list.csv',
      expectation: either(pictureReading({ splits: assigned(16) }), told),
    };
    return [texts, images];
  });
}

export const furtherTables = (): FurtherCase[] => [
  ...textTables(),
  ...pictureTables(),
  ...writtenPaths(),
  ...splitColumns(),
];
