import { either, read, refused, type Acceptable, type Expectation, type ExpectedReading } from '../expectation.ts';

type Reading = Omit<ExpectedReading, 'kind'>;

/** Ten cats and ten dogs in class folders. */
const twenty = (reading: Reading = {}) =>
  read({ task: 'image-classification', labels: ['cat', 'dog'], samples: 20, ...reading });
const ok = (...accept: Acceptable[]): Expectation => either(twenty(), ...accept);
/** Splits that folders name; six pictures a class in each. */
const split = (splits: readonly [number, number, number], ...accept: Acceptable[]): Expectation =>
  either(twenty({ samples: undefined, splits }), ...accept);

/** A picture of a format that is not read, among twenty: read, or refused with the format's name and the way out. */
const format = (name: RegExp): Expectation => either(twenty({ samples: 21 }), refused(name, /PNG|JPEG/));
/** The same with --skip-bad: read, or left out and listed. */
const skipped = (...name: RegExp[]): Expectation =>
  either(twenty({ samples: 21 }), twenty({ said: [/skipped: cat\/x\./, ...name] }));

const formats: Readonly<Record<string, Expectation>> = {
  'img-plain': ok(),
  'img-mixed-formats': either(twenty({ labels: ['mixed', 'plain'], samples: 41 })),
  'img-one-heic': format(/HEIC/),
  'img-one-heic+skip': skipped(/HEIC/),
  'img-one-heic-named-jpg': format(/HEIC/),
  'img-one-heic-named-jpg+skip': skipped(/HEIC/),
  'img-one-bmp': format(/BMP/),
  'img-one-bmp+skip': skipped(),
  'img-one-ico': format(/ICO/),
  'img-one-ico+skip': skipped(),
  'img-one-ppm': format(/PPM/),
  'img-one-ppm+skip': skipped(),
  'img-one-jp2': format(/JPEG 2000|JP2/),
  'img-one-jp2+skip': skipped(),
  'img-one-tga': format(/TGA|Targa/),
  'img-one-tga+skip': skipped(),
  'img-all-heic': either(twenty({ samples: 12 }), refused(/HEIC/, /PNG|JPEG/)),
  'img-all-bmp': either(twenty({ samples: 12 }), refused(/BMP/, /PNG|JPEG/)),
  'img-all-ppm': either(twenty({ samples: 12 }), refused(/PPM/, /PNG|JPEG/)),
};

/** Side files: passed over, or named where they look like somebody's data. */
const beside = Object.fromEntries(
  [
    ['ehthumbs', 'ehthumbs'],
    ['eadir', 'SYNO'],
    ['icon-r', 'Icon'],
    ['picasa', 'Picasa'],
    ['zip-inside', 'cat\\.zip'],
    ['cache', ''],
    ['labels-cache', 'labels\\.cache'],
    ['mp4', 'MOV'],
    ['aae', 'AAE'],
    ['npy', 'npy'],
    ['tfrecord', 'tfrecord'],
    ['gitkeep', ''],
    ['lost+found', 'lost\\+found'],
    ['csv-beside', ''],
    ['xlsx-beside', 'xlsx'],
    ['download-tmp', 'crdownload'],
    ['py', ''],
    ['py-in-class', 'resize\\.py'],
    ['ipynb', 'ipynb'],
    ['db-lower', ''],
    ['lnk', 'lnk'],
    ['ini2', ''],
  ].map(([name = '', word = '']) => [`img-junk-${name}`, word ? ok(refused(new RegExp(word))) : ok()]),
);

const folders: Readonly<Record<string, Expectation>> = {
  ...beside,
  'img-junk': ok(),
  'img-names': either(twenty({ labels: ['cat é 猫'.normalize('NFC'), 'dog #2 100%'], samples: 33 })),
  'img-classes-nfc-nfd': either(
    twenty({ labels: ['café', 'thé'], splits: [12, 0, 12], samples: 24 }),
    refused(/NFC|Unicode|near-equal/i),
  ),
  // The archive's links lead to a folder of the machine that packed it: they are dead where they were not made anew.
  'img-symlinks': either(
    twenty({ labels: ['cat', 'dog', 'fox'], samples: 27 }),
    refused(/dog\/link\.png/, /no such file|link/),
  ),
  'img-eadir-top': ok(),
  'img-trash': ok(),
  'img-augmented': either(
    twenty({ labels: ['cat', 'cat - Copy', 'dog'], samples: 30, said: [/same (content|picture)|duplicate/i] }),
    twenty({ said: [/Copy/] }),
  ),
  'split-train-val-test': split([12, 12, 12]),
  'split-valid': split([12, 12, 12]),
  'split-caps': split([12, 12, 12]),
  'split-training-testing': split([12, 0, 12]),
  'split-training-set': split([12, 0, 12]),
  'split-train-dev': split([12, 12, 12]),
  'split-train-eval': split([12, 12, 0]),
  'split-train-test-only': split([12, 0, 12]),
  'split-imagenet-numbers': split([12, 12, 0]),
  'split-wrapped': split([12, 12, 0], refused(/dataset/, /train/)),
  'split-with-sibling': split([12, 12, 12], refused(/chest_xray/)),
  'split-unlabelled-test': split([12, 0, 0], twenty({ samples: 12, said: [/test/] }), refused(/test/, /class|label/)),
  'split-unlabelled-test-folder': split(
    [12, 0, 0],
    twenty({ samples: 12, said: [/test/] }),
    refused(/unknown/, /train/),
  ),
  'split-extra-pictures': either(twenty({ samples: undefined, splits: [12, 12, 0] }), refused(/samples/)),
  'split-flat': either(refused(/class/, /train|test/)),
  'split-different-classes': either(refused(/fox/, /train/)),
  'split-missing-class-in-test': either(
    twenty({ labels: ['cat', 'dog', 'fox'], samples: undefined, splits: [18, 0, 8] }),
  ),
  'nest-wrapped-one': ok(refused(/photos/, /cat|within|inside/)),
  'nest-two-deep': either(
    twenty({ labels: ['cat', 'cup', 'dog', 'pan'], samples: 40 }),
    twenty({ labels: ['animals', 'things'], samples: 40, said: [/cat|folders? in|deeper|nested/] }),
    refused(/animals/, /cat/),
  ),
  'nest-class-then-split': either(
    twenty({ samples: 24, splits: [12, 0, 12] }),
    twenty({ samples: 24, said: [/train/] }),
    refused(/train/, /cat/),
  ),
  'nest-images-labels': ok(refused(/labels/)),
  'class-numbers': either(twenty({ labels: ['0', '1', '2', '10'] })),
  'class-case': either(read({ samples: 15, said: [/near-equal-labels/] }), twenty({ samples: 15, said: [/Cat/] })),
  'class-500-3': either(twenty({ samples: 203 })),
  'class-one-sample': either(refused(/dog/, /one sample/)),
  'class-empty-folder': either(twenty({ said: [/fox/] }), refused(/fox/)),
  'class-only-junk': either(twenty({ said: [/fox/] }), refused(/fox/)),
  'class-train-and-bus': either(read({ labels: ['bus', 'train'], samples: 12 })),
  'class-test-valid': either(read({ labels: ['invalid', 'valid'], samples: 12 })),
  'class-train-test': either(refused(/class/, /train/)),
  'dup-two-classes': either(read({ labels: ['cat', 'dog'], samples: 21, said: [/same (content|picture)|duplicate/i] })),
  'dup-same-class': either(read({ labels: ['cat', 'dog'], samples: 48, said: [/same (content|picture)|duplicate/i] })),
  'zip-target': ok(refused(/zip/i, /unpack|unzip/i)),
  'flat-folder': either(twenty({ samples: undefined }), refused(/class/, /folder/)),
  'one-picture': either(refused(/picture|image/i, /folder/)),
  'one-class': either(refused(/one class only|only one class/)),
  'tm-samples': either(read({ labels: ['Class 1', 'Class 2'], samples: 12 })),
  'hidden-root': ok(),
  'img-class-folder-is-yolo-cls': split([8, 8, 8]),
  mvtec: either(read({ labels: ['broken', 'good'] }), refused(/MVTec|ground_truth|mask/), refused(/broken/, /train/)),
};

export const pictures: Readonly<Record<string, Expectation>> = { ...formats, ...folders };
