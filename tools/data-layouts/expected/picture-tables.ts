import { either, read, refused, type Acceptable, type Expectation, type ExpectedReading } from '../expectation.ts';

type Reading = Omit<ExpectedReading, 'kind'>;

/** Sixteen pictures, eight a class. */
const pictures = (reading: Reading = {}) =>
  read({ task: 'image-classification', labels: ['cat', 'dog'], samples: 16, example: /cat0.*=> cat/, ...reading });
const numbers = { labels: ['0', '1'], example: /cat0.*=> 0/ };
const ok = (...accept: Acceptable[]): Expectation => either(pictures(), ...accept);
/** The four of sixteen that a column marks as those of another split, and the twelve. */
const split = (...accept: Acceptable[]) => either(...accept);
const boxes = (objects: number, area?: number) =>
  read({ task: 'object-detection', labels: ['cat', 'dog'], samples: 16, objects, area });
const several = (labels: readonly string[]) => read({ task: 'multi-label-image-classification', labels, samples: 16 });
const pathColumn = /path-column/;
const many = (reading: Reading = {}) => pictures({ samples: 24, ...reading });

/** Headers of tables whose cells hold the pictures' names: read, or told which option names the column. */
const headers = [
  ...['filename-label', 'file_name-label', 'image-label', 'image_name-label', 'img_name-class', 'image_id-label'],
  ...['id-label', 'id-class-caps', 'image-id-caps', 'filename-label-caps', 'image_path-class_id', 'filename-labels'],
  ...['file-category', 'filepaths-labels', 'name-label', 'photo-species', 'url-label', 'images-labels'],
  ...[
    'filename-target',
    'filename-classname-caps',
    'path-y',
    'filename-breed',
    'image-category_name',
    'path-classid-caps',
  ],
];

export const pictureTables: Readonly<Record<string, Expectation>> = {
  'icsv-plain': ok(),
  ...Object.fromEntries(
    headers.map((name) => [
      `icsv-head-${name}`,
      ok(refused(/path-column|label-column/), refused(/image|picture/i, /url/i)),
    ]),
  ),
  'icsv-semicolon': ok(),
  'icsv-semicolon+reader': ok(),
  'icsv-semicolon+reader+delim': ok(),
  'icsv-semicolon+delim': ok(),
  'icsv-tab': ok(),
  'icsv-tab+reader+delim': ok(),
  'icsv-tsv': ok(),
  'icsv-space': either(pictures(numbers), refused(/blank|space|separator|delimiter/i)),
  'icsv-bom': ok(),
  'icsv-utf16': ok(refused(/UTF-16/, /UTF-8/)),
  'icsv-windows-paths': ok(),
  'icsv-windows-absolute': ok(refused(/no such file|no picture/, /root=/)),
  'icsv-other-machine': ok(refused(/no such file|no picture/, /root=/)),
  'icsv-basename': ok(refused(/no such file|no picture/, /root=/)),
  'icsv-noext': ok(refused(/ending=/)),
  'icsv-noext-hash': either(
    read({ task: 'image-classification', labels: ['cat', 'dog'], samples: 16 }),
    refused(/ending=/),
    refused(pathColumn),
  ),
  'icsv-url': ok(refused(/address|url|http/i, /download/i)),
  'icsv-gs': either(
    pictures({ splits: [12, 0, 4] }),
    refused(/gs:|address|bucket/i),
    refused(/no such file|no picture/, /gs:/),
  ),
  'icsv-automl-local': split(pictures({ splits: [12, 0, 4] }), refused(/header/, /split|column/)),
  'icsv-noheader': ok(),
  'icsv-noheader-label-first': ok(),
  'icsv-index': ok(),
  'icsv-index-unnamed': ok(),
  'icsv-onehot': either(several(['cat', 'dog']), pictures(), refused(/one-hot|several labels|column a label/i)),
  'icsv-multilabel': either(
    several(['cat', 'dog', 'primary']),
    refused(/several labels|label-separator|labels? .*separat/i),
  ),
  'icsv-multilabel-fastai': either(
    several(['animal', 'cat', 'dog']),
    refused(/several labels|label-separator|labels? .*separat/i),
  ),
  'icsv-fastai': either(pictures({ splits: [12, 4, 0] }), refused(/is_valid/)),
  'icsv-split-training': split(pictures({ splits: [12, 0, 4] })),
  'icsv-split-fold': either(pictures({ said: [/fold/] }), pictures({ splits: [13, 0, 3] }), refused(/fold/)),
  'icsv-set': split(pictures({ splits: [12, 0, 4] }), refused(/set/, /split-column/)),
  'icsv-dataset-col': split(pictures({ splits: [12, 0, 4] }), refused(/data set/, /split-column/)),
  'icsv-hf-metadata': ok(),
  'icsv-det-roboflow': either(boxes(22), refused(/box/i)),
  'icsv-det-makesense': either(boxes(16, 16 * 25 * 25), refused(/box|rectangle/i)),
  'icsv-det-keras': either(boxes(16, 16 * 25 * 25), refused(/box/i)),
  'icsv-det-vott': either(boxes(16, 16 * 25.3 * 25.3), refused(/box/i)),
  'icsv-det-openimages': either(boxes(16), refused(/box|Open Images/i)),
  'icsv-ls-choice': ok(refused(/no such file|no picture/, /root=/), refused(/Label Studio/)),
  'icsv-spaces': ok(),
  'icsv-case': either(read({ samples: 16, said: [/near-equal-labels/] }), pictures()),
  'icsv-nan': either(
    read({ samples: 16, said: [/NaN/] }),
    pictures({ samples: 14, unlabelled: 2 }),
    refused(/NaN/, /missing-labels/),
    refused(/line|labels\.csv:/, /missing-labels/),
  ),
  'icsv-empty-label': either(refused(/line 5|labels\.csv:5/, /label/, /missing-labels/)),
  'icsv-empty-label+skip': either(
    refused(/line 5|labels\.csv:5/, /label/, /missing-labels/),
    pictures({ samples: 15, said: [/label/] }),
  ),
  'icsv-float': either(read({ samples: 16, said: [/near-equal-labels/] }), pictures(numbers)),
  'icsv-dup-rows': either(
    pictures({ samples: 48, said: [/duplicate|same (content|picture)|times/i] }),
    pictures({ samples: 16, said: [/duplicate|same (content|picture)|times/i] }),
  ),
  'icsv-conflict': either(refused(/cat0\.png/, /dog/, /cat/)),
  'icsv-missing-file': either(refused(/gone\.png/)),
  'icsv-quoted-paths': ok(),
  'icsv-comment': ok(refused(/comment|#/)),
  'icsv-bmp': ok(refused(/BMP/)),
  'icsv-json': ok(),
  'icsv-json+reader': ok(),
  'icsv-numeric-labels': either(pictures(numbers)),
  'icsv-folder-flat-metadata': either(
    read({ task: 'image-classification', labels: ['cat', 'dog'] }),
    refused(/metadata\.csv/),
  ),
  'icsv-folder-roboflow-multiclass': either(
    read({ task: 'multi-label-image-classification' }),
    refused(/_classes\.csv/),
  ),
  'icsv-folder-roboflow-multiclass+csv': either(
    read({ task: 'multi-label-image-classification' }),
    read({ task: 'image-classification', labels: ['cat', 'dog'] }),
    refused(/one-hot|several labels|column a label/i),
  ),
  'icsv-kaggle-train-csv': either(pictures({ ...numbers, samples: 12 }), refused(pathColumn), refused(/root=/)),
  'icsv-kaggle-train-csv+col': either(pictures({ ...numbers, samples: 12 }), refused(/root=/)),
  'icsv-ragged': either(refused(/line 5/, /3 cells/, /image|picture|quot|separator|comma/i)),
  'icsv-long-captions': either(many()),
  'icsv-many-columns': either(many(), refused(/cat0/, /no such file|no picture|ending=/), refused(pathColumn)),
  'icsv-upper-ext': either(many()),
  'icsv-query': either(many(), refused(/cat0\.png\?raw=true/, /no such file|no picture/)),
  'icsv-tilde': either(many(), refused(/~/, /no such file|no picture/)),
  'txt-url-column': either(
    read({ labels: ['cat', 'dog'], samples: 24, task: 'image-classification', said: [/column text/] }),
    read({ labels: ['cat', 'dog'], samples: 24, task: 'text-classification', said: [/column image/] }),
    refused(/picture|image/, /text/),
  ),
};
