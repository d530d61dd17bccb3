import { either, read, refused } from '../expectation.ts';
import { classFolders, picture, TEXTS, type FurtherCase } from './further-case.ts';

const reading = (more = {}) => read({ task: 'image-classification', labels: ['cat', 'dog'], ...more });
const CLASSES = { cat: 6, dog: 6 };

type Split = 'train' | 'validation' | 'test';

/** Names that folders of splits bear. */
const SPLITS: readonly Readonly<Record<string, Split>>[] = [
  { TRAIN: 'train', TEST: 'test' },
  { Train: 'train', Valid: 'validation', Test: 'test' },
  { training: 'train', testing: 'test' },
  { training: 'train', validation: 'validation' },
  { Training_Set: 'train', Test_Set: 'test' },
  { train_set: 'train', val_set: 'validation' },
  { trn: 'train', val: 'validation', tst: 'test' },
  { seg_train: 'train', seg_test: 'test' },
  { train: 'train', dev: 'validation', test: 'test' },
  { train: 'train', evaluation: 'validation' },
  { train: 'train', holdout: 'test' },
  { train2014: 'train', val2014: 'validation', test2014: 'test' },
  { 'train-set': 'train', 'test-set': 'test' },
  { train_images: 'train', test_images: 'test' },
  { train_data: 'train', test_data: 'test' },
];

function splitFolders(): FurtherCase[] {
  return SPLITS.map((names) => {
    const files = Object.keys(names).map((name, i) => classFolders(CLASSES, `${name}/`, 20 * i));
    const count = (split: Split) => (Object.values(names).includes(split) ? 12 : 0);
    return {
      name: `splits-${Object.keys(names).join('-')}`,
      part: 'folders',
      files: Object.assign({}, ...files) as FurtherCase['files'],
      expectation: either(
        reading({ splits: [count('train'), count('validation'), count('test')] }),
        refused(new RegExp(Object.keys(names)[1]!), /split|train/),
      ),
    };
  });
}

/** Folders beside or within class folders that are nobody's data. */
const BESIDE: Readonly<Record<string, string>> = {
  '@eaDir/x/SYNOPHOTO_THUMB_M.png': 'png',
  'cat/@eaDir/0.png': 'png',
  '$RECYCLE.BIN/S-1-5/$R1.png': 'png',
  '.Trash-1000/files/a.png': 'png',
  '#recycle/a.png': 'png',
  '.ipynb_checkpoints/0-checkpoint.png': 'png',
  'cat/.ipynb_checkpoints/0-checkpoint.png': 'png',
  '.git/objects/aa/bb': 'x',
  '.cache/thumbs/a.png': 'png',
  '__pycache__/a.pyc': 'x',
  '__MACOSX/cat/._0.png': 'x',
  'cat/._0.png': 'x',
  'cat/.DS_Store': 'x',
  'dog/Thumbs.db': 'x',
  'dog/desktop.ini': 'x',
  'System Volume Information/IndexerVolumeGuid': 'x',
  '.Spotlight-V100/a.db': 'x',
  'lost+found/.keep': '',
  LICENSE: 'MIT',
  README: 'cats and dogs',
  'dataset_infos.json': '{}',
  'requirements.txt': 'numpy',
  'train.ipynb': '{}',
};

function sideFiles(): FurtherCase[] {
  return Object.entries(BESIDE).map(([path, contents], i) => ({
    name: `beside-${i}-${path.replace(/[^A-Za-z]+/g, '_')}`,
    part: 'folders',
    files: { ...classFolders(CLASSES), [path]: contents === 'png' ? picture(200) : contents },
    expectation: either(reading({ samples: 12 })),
  }));
}

/** One folder around the data, or two, with what archives leave beside it. */
function wrapped(): FurtherCase[] {
  const plain = classFolders(CLASSES);
  const split = { ...classFolders(CLASSES, 'train/'), ...classFolders(CLASSES, 'test/', 20) };
  const wrap = (files: FurtherCase['files'], prefix: string) =>
    Object.fromEntries(Object.entries(files).map(([path, contents]) => [`${prefix}${path}`, contents]));
  const told = refused(/inside|within|holds|folder/i, /data\b|photos|archive/);
  const cases: FurtherCase[] = [];
  for (const prefix of ['photos/', 'archive/data/', 'data/'])
    for (const beside of ['', '__MACOSX/a', '.DS_Store', 'README.md']) {
      const more = beside ? { [beside]: 'x' } : {};
      const name = `${prefix.replaceAll('/', '-')}${beside.replace(/\W/g, '')}`;
      cases.push(
        {
          name: `wrapped-classes-${name}`,
          part: 'folders',
          files: { ...wrap(plain, prefix), ...more },
          expectation: either(reading({ samples: 12 }), told),
        },
        {
          name: `wrapped-splits-${name}`,
          part: 'folders',
          files: { ...wrap(split, prefix), ...more },
          expectation: either(reading({ splits: [12, 0, 12] }), told),
        },
      );
    }
  return cases;
}

/** Class folders that are not as they seem. */
function oddClasses(): FurtherCase[] {
  const one = (name: string, files: FurtherCase['files'], ...accept: Parameters<typeof either>): FurtherCase => ({
    name: `classes-${name}`,
    part: 'folders',
    files,
    expectation: either(...accept),
  });
  const twoFiles = (label: string) => ({ [`${label}/t.txt`]: 'x' });
  return [
    one(
      'empty',
      { ...classFolders(CLASSES), ...twoFiles('fox') },
      reading({ samples: 12, said: [/fox/] }),
      refused(/fox/),
    ),
    one(
      'case',
      classFolders({ Cat: 4, cat: 4, dog: 4 }),
      reading({ labels: undefined, samples: 12, said: [/near-equal-labels/] }),
    ),
    one(
      'nan',
      classFolders({ cat: 5, dog: 5, nan: 5 }),
      reading({ labels: undefined, samples: 15, said: [/missing/i] }),
      refused(/nan/),
    ),
    one(
      'partly-splits',
      { ...classFolders(CLASSES, 'train/'), ...classFolders(CLASSES, 'other/', 20) },
      refused(/other/),
      reading({ samples: 12, said: [/other/] }),
    ),
    one(
      'splits-inside',
      { ...classFolders({ train: 4, test: 4 }, 'cat/'), ...classFolders({ train: 4, test: 4 }, 'dog/', 20) },
      reading({ splits: [8, 0, 8] }),
      refused(/train/, /cat/),
      reading({ samples: 16, said: [/train/] }),
    ),
    one('named-like-splits', classFolders({ test: 5, bus: 5 }), read({ labels: ['bus', 'test'], samples: 10 })),
    one(
      'masks',
      { ...classFolders({ images: 6 }), ...classFolders({ masks: 6 }, '', 30) },
      refused(/mask/i),
      reading({ labels: undefined, said: [/mask/i] }),
    ),
    one(
      'imgs-and-annotations',
      { ...classFolders({ images: 6 }), 'annotations/0.xml': '<annotation/>' },
      refused(/annotations|XML|VOC/),
    ),
    one(
      'two-deep',
      { ...classFolders(CLASSES, 'pets/'), ...classFolders({ cup: 6, pan: 6 }, 'things/', 30) },
      reading({ labels: ['cat', 'cup', 'dog', 'pan'], samples: 24 }),
      reading({ labels: ['pets', 'things'], said: [/cat|nested|deeper|folders/] }),
      refused(/pets|things/),
    ),
    one(
      'flat',
      Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i % 2 ? 'dog' : 'cat'}.${i}.png`, picture(i)])),
      refused(/class/),
      reading({ samples: 8 }),
    ),
    one(
      'loose-beside',
      { ...classFolders(CLASSES), 'loose.png': picture(77) },
      refused(/loose\.png/),
      reading({ samples: 12, said: [/loose\.png/] }),
    ),
  ];
}

/** Folders of texts. */
function textFolders(): FurtherCase[] {
  const files = (root: string) =>
    Object.fromEntries(TEXTS.map(({ text, label }, i) => [`${root}${label}/${i}.txt`, `${text} ${root}`]));
  const texts = (more = {}) => read({ task: 'text-classification', labels: ['bad', 'good'], ...more });
  const one = (name: string, made: FurtherCase['files'], ...accept: Parameters<typeof either>): FurtherCase => ({
    name: `text-folder-${name}`,
    part: 'folders',
    files: made,
    expectation: either(...accept),
  });
  return [
    one('plain', files(''), texts({ samples: 20 })),
    ...(['Train-Test', 'training-testing', 'train-holdout', 'TRAIN-DEV'] as const).map((pair) => {
      const [train = '', other = ''] = pair.split('-');
      const counts = other === 'DEV' ? ([20, 20, 0] as const) : ([20, 0, 20] as const);
      return one(
        pair,
        { ...files(`${train}/`), ...files(`${other}/`) },
        texts({ splits: counts }),
        refused(new RegExp(other)),
      );
    }),
    one(
      'unsup',
      {
        ...files('train/'),
        ...files('test/'),
        ...{ 'train/unsup/1.txt': 'Neither nor', 'train/unsup/2.txt': 'Whatever' },
      },
      texts({ labels: undefined, said: [/unsup/] }),
      refused(/unsup/),
    ),
    one(
      'readme',
      { ...files(''), README: 'x', 'README.md': 'y', 'LICENSE.txt': 'z' },
      texts({ samples: 20 }),
      refused(/LICENSE\.txt/),
    ),
    one('wrapped', files('corpus/'), texts({ samples: 20 }), refused(/corpus/)),
  ];
}

export const furtherFolders = (): FurtherCase[] => [
  ...splitFolders(),
  ...sideFiles(),
  ...wrapped(),
  ...oddClasses(),
  ...textFolders(),
];
