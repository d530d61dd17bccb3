import { either, read, refused, type Acceptable, type Expectation, type ExpectedReading } from '../expectation.ts';

type Reading = Omit<ExpectedReading, 'kind'>;

const KINDS = ['ball', 'crate'];
/** The eight drawn pictures of most COCO and VOC cases: thirteen boxes, 12,122 square pixels. */
const eight = (reading: Reading = {}) =>
  read({ task: 'object-detection', labels: KINDS, samples: 8, objects: 13, area: 12_122, ...reading });
/** The five to train on and five to validate with of most YOLO cases. */
const ten = (reading: Reading = {}) =>
  read({ task: 'object-detection', labels: KINDS, splits: [5, 5, 0], objects: 14, area: 12_708, ...reading });
/** The six pictures of labelling tools' exports. */
const six = (reading: Reading = {}) =>
  read({ task: 'object-detection', labels: KINDS, samples: 6, objects: 9, area: 8513, ...reading });
const four = (reading: Reading = {}) => eight({ samples: 4, objects: 6, area: 6184, ...reading });

const okEight = (...accept: Acceptable[]): Expectation => either(eight(), ...accept);
const okTen = (...accept: Acceptable[]): Expectation => either(ten(), ...accept);
const okSix = (...accept: Acceptable[]): Expectation => either(six(), ...accept);
const refusedOnly = (...words: RegExp[]): Expectation => either(refused(...words));
const noPicture = refused(/no (such )?(picture|file)/, /000\.jpg/i);

const coco: Readonly<Record<string, Expectation>> = {
  'coco-plain': okEight(),
  'coco-roboflow': either(eight({ splits: [4, 4, 4], samples: 12, objects: 18, area: 16_960 })),
  'coco-cvat': okEight(),
  'coco-cvat-subset': either(eight({ splits: [5, 5, 0], samples: 10, objects: 14, area: 12_708 })),
  'coco-cvat-noimages': refusedOnly(/no picture/, /000\.jpg/),
  'coco-cvat-keypoints': okEight(refused(/person_keypoints/)),
  'coco-cvat-keypoints+file': okEight(refused(/keypoints/)),
  'coco-cvat-keypoints+reader': okEight(refused(/person_keypoints/)),
  'coco-labelstudio': okEight(),
  'coco-labelstudio-backslash': okEight(),
  'coco-labelstudio-dotdot': okEight(noPicture),
  'coco-labelstudio-url': okEight(noPicture),
  'coco-empty-annotations': refusedOnly(/no box/),
  'coco-absolute-other': okEight(noPicture),
  'coco-subfolders': okEight(),
  'coco-second-missing': refusedOnly(/001\.jpg/),
  'coco-second-missing+skip': either(eight({ samples: 7, objects: undefined, area: undefined, said: [/001\.jpg/] })),
  'coco-two-folders': okEight(),
  'coco-ids-text': okEight(),
  'coco-ids-mixed': okEight(refused(/image/, /text|kind|string/)),
  'coco-ids-float': okEight(),
  'coco-ids-big': okEight(refused(/id/, /9007199254740991|2\^53|too (large|big)|digits/i)),
  'coco-dup-annotation-ids': okEight(refused(/two of its annotations have the id/)),
  'coco-dup-annotation-ids+skip': okEight(),
  'coco-no-annotation-ids': okEight(),
  'coco-no-area-iscrowd': okEight(),
  'coco-bbox-strings': okEight(refused(/four finite numbers/, /text|"|string|box/)),
  'coco-bbox-float': either(eight({ objects: 13, area: undefined })),
  'coco-bbox-xyxy': either(
    eight({ area: undefined, objects: undefined, said: [/corner/] }),
    eight(),
    refused(/corner/),
  ),
  'coco-bbox-normalised': either(
    eight({ area: undefined, objects: undefined, said: [/fraction|share/] }),
    eight({ area: 12_122 }),
    refused(/fraction|share/),
  ),
  'coco-bbox-zero': refusedOnly(/no area/),
  'coco-bbox-zero+skip': either(eight({ samples: 7, objects: undefined, area: undefined, said: [/area/] })),
  'coco-bbox-empty': okEight(refused(/box/, /\[\]/, /polygon|outline|segmentation|finite/)),
  'coco-rle': okEight(),
  'coco-category-gaps': either(eight(), eight({ labels: ['unused', ...KINDS] })),
  'coco-category-missing': refusedOnly(/category 0/),
  'coco-categories-case': either(
    eight({ labels: ['ball', 'crate', 'Ball', 'ball '], said: [/near-equal-labels/] }),
    eight(),
  ),
  'coco-size-mismatch': refusedOnly(/160 x 120/, /120 x 160/),
  'coco-size-zero': okEight(refused(/size 0 x 0/)),
  'coco-size-resized': refusedOnly(/160 x 120/, /640 x 480/),
  'coco-image-twice': refusedOnly(/000\.jpg/, /twice/),
  'coco-nan': refusedOnly(/NaN/),
  'coco-exif6': okSix(),
  'coco-exif6+stored': okSix(),
  'coco-fiftyone': okEight(),
  'coco-fiftyone-detection': okEight(refused(/FiftyOne/)),
  'coco-vgg-named': okEight(refused(/a\.json/, /b\.json/)),
  'coco-other-json': okEight(refused(/annotations\.json/)),
  'coco-notes-json': okEight(),
  'coco-coco2017': either(eight({ splits: [4, 4, 0], objects: 11, area: 10_058 })),
  'coco-unlabelled': either(eight({ objects: 12, area: 11_281 })),
  'coco-test-unlabelled': either(
    eight({ splits: [6, 0, 4], samples: 10, objects: 9, area: 8513, said: [/test/, /no box|without (a )?box/] }),
    eight({ samples: 6, objects: 9, area: 8513, said: [/test/] }),
    refused(/test/, /no box|without (a )?box/),
  ),
  'coco-different-categories': either(eight({ splits: [6, 4, 0], samples: 10, objects: 16, area: 15_391 })),
  'coco-jsonl': refusedOnly(/annotations/, /a\.json/),
  'coco-bom': okEight(),
  'coco-many-boxes': refusedOnly(/300/),
  'coco-percent': either(four(), refused(/my%20pic%200\.jpg/, /no picture/)),
  'coco-case': either(four(), refused(/000\.JPG/, /no picture/)),
  'coco-fall-holdout': either(eight({ samples: 12, objects: 17, area: 15_677 }), refused(/annotations/)),
  'coco-fall-broken': refusedOnly(/annotations/, /COCO|JSON/),
};

const yolo: Readonly<Record<string, Expectation>> = {
  'yolo-plain': okTen(),
  'yolo-names-dict': okTen(),
  'yolo-roboflow': either(ten({ splits: [5, 5, 5], objects: 23, area: 21_186 })),
  'yolo-roboflow-neighbour': okTen(),
  'yolo-path-other-machine': okTen(),
  'yolo-path-absolute-other': okTen(refused(/\/content\/drive/)),
  'yolo-path-windows': okTen(refused(/images\\train/)),
  'yolo-nc-mismatch': refusedOnly(/nc: 3/, /2/),
  'yolo-nc-string': okTen(),
  'yolo-names-string': okTen(refused(/names/, /ball, crate/)),
  'yolo-names-yes-no': either(ten({ labels: ['no', 'yes'] })),
  'yolo-names-true': either(ten({ labels: ['true', 'false'] })),
  'yolo-names-number': either(ten({ labels: ['1', '2'] })),
  'yolo-names-set': okTen(refused(/names/)),
  'yolo-names-dup': refusedOnly(/two classes are called "ball"/),
  'yolo-names-from-1': either(ten(), refused(/from 0|0 is missing/)),
  'yolo-polygons': okTen(),
  'yolo-polygons-mixed': okTen(),
  'yolo-obb': either(ten({ area: undefined })),
  'yolo-obb-angle': refusedOnly(/line 1/, /angle|four numbers/),
  'yolo-conf': okTen(refused(/line 1/, /four numbers|confidence/)),
  'yolo-pose-2d': okTen(refused(/kpt_shape|keypoint|pose/i)),
  'yolo-pose-17': okTen(refused(/kpt_shape|keypoint|pose/i)),
  'yolo-train-txt': okTen(),
  'yolo-train-txt-cvat': either(
    ten({ splits: [5, 0, 0], objects: 7, area: 6913 }),
    refused(/train\.txt|data\/images\/train\/000\.jpg/),
  ),
  'yolo-train-txt-cvat-docs': either(ten({ splits: [5, 0, 0], objects: 7, area: 6913 })),
  'yolo-train-txt-other-machine': okTen(refused(/home\/me\/000\.jpg/, /no such file|no picture/)),
  'yolo-darknet': okSix(refused(/Darknet|obj\.data|obj\.names/)),
  'yolo-labelimg': okSix(refused(/classes\.txt|YOLO|data\.yaml/)),
  'yolo-labelimg-yaml': okSix(),
  'yolo-labelstudio': okSix(refused(/data\.yaml|classes\.txt/)),
  'yolo-labelstudio+reader': okSix(refused(/data\.yaml/)),
  'yolo-no-yaml': okTen(refused(/data\.yaml/)),
  'yolo-no-yaml-roboflow': okTen(refused(/data\.yaml/)),
  'yolo-no-yaml-classes': okTen(refused(/data\.yaml|YOLO/)),
  'yolo-missing-labels': either(ten({ objects: 10, area: undefined, said: [/without (a )?label|label file/] })),
  'yolo-labels-wrong-place': either(ten(), refused(/label/, /labels\/train|looked/)),
  'yolo-labels-partly-wrong': refusedOnly(/train/, /no box|label/, /labels|looked/),
  'yolo-labels-caps': okSix(refused(/label/, /looked|labels/)),
  'yolo-images-in-name': okSix(refused(/label/, /looked/)),
  'yolo-empty-labels': either(ten({ objects: 13, area: 12_132 })),
  'yolo-above-one': either(ten({ objects: 34, area: undefined })),
  'yolo-pixels': refusedOnly(/outside|pixels/),
  'yolo-corners': either(ten({ objects: 14, area: undefined, said: [/corner/] }), refused(/corner/), ten()),
  'yolo-id-beyond': refusedOnly(/class 2/),
  'yolo-id-name': either(ten(), refused(/class crate/)),
  'yolo-id-float': okTen(),
  'yolo-comma': okTen(refused(/line 1/, /comma|four numbers/)),
  'yolo-dup-rows': either(
    ten({ objects: 28, area: 25_416, said: [/twice|doubled|duplicate/] }),
    ten({ said: [/twice|doubled|duplicate/] }),
  ),
  'yolo-crlf-bom': okTen(),
  'yolo-val-is-train': either(
    ten({ splits: undefined, objects: undefined, area: undefined, said: [/val/] }),
    refused(/val/, /train/, /same/),
  ),
  'yolo-val-only': either(
    ten({ splits: undefined, samples: 5, objects: 7, area: 6913 }),
    refused(/train/),
    refused(/val/),
  ),
  'yolo-empty-val': either(ten({ splits: [5, 0, 0], objects: 7, area: 6913 })),
  'yolo-missing-val': refusedOnly(/images\/val/),
  'yolo-train-list': either(ten({ splits: [8, 0, 0], objects: 13, area: 12_122 })),
  'yolo-glob': either(
    ten({ splits: [5, 0, 0], objects: 7, area: 6913 }),
    ten({ splits: undefined, samples: 5, objects: 7, area: 6913 }),
    refused(/\*/),
  ),
  'yolo-download': okTen(),
  'yolo-yaml-other-name': okTen(refused(/dataset\.yaml/)),
  'yolo-bmp': okTen(refused(/BMP/i)),
  'yolo-exif6': okSix(),
  'yolo-fall-splits': either(
    ten({ samples: 12, splits: undefined, objects: 17, area: 15_677 }),
    refused(/data\.yaml|YOLO/),
  ),
  'yolo-jpg-txt': either(six(), six({ objects: undefined, area: undefined, said: [/without/] }), refused(/label file/)),
  'yolo-orphan-labels': either(
    six({ samples: 3, objects: undefined, area: undefined, said: [/without a picture|label files?/] }),
  ),
};

const voc: Readonly<Record<string, Expectation>> = {
  ...Object.fromEntries(
    [
      'plain',
      'beside',
      'path-other',
      'filename-noext',
      'filename-wrong',
      'filename-path',
      'float',
      'zero-based',
      'no-size',
    ]
      .concat(['difficult', 'size-zero', 'imagesets-default', 'png', 'doctype', 'gb2312', 'jpg-upper'])
      .map((name) => [`voc-${name}`, okEight()]),
  ),
  'voc-zero-based': either(eight({ area: undefined })),
  'voc-roboflow': either(eight(), eight({ splits: [5, 3, 0] })),
  'voc-xmls': okEight(refused(/XML|VOC/, /xmls/)),
  'voc-images-annots': okEight(refused(/XML|VOC/, /annots|annotations/i)),
  'voc-filename-swapped': refusedOnly(/000\.jpg/, /twice/),
  'voc-case': either(eight({ labels: ['Ball', 'Crate', 'ball', 'crate'], said: [/near-equal-labels/] }), eight()),
  'voc-imagesets': either(eight({ splits: [5, 3, 0] })),
  'voc-imagesets-ext': either(
    eight(),
    eight({ splits: [5, 3, 0] }),
    eight({ samples: undefined, objects: undefined, area: undefined }),
  ),
  'voc-missing-xml': either(
    eight({ samples: 6, objects: 10, area: 8952, said: [/XML/] }),
    eight({ samples: 6, objects: 10, area: 8952 }),
  ),
  'voc-missing-image': refusedOnly(/000\.jpg/, /no picture/),
  'voc-missing-image+skip': either(eight({ samples: 6, objects: undefined, area: undefined, said: [/000/] })),
  'voc-no-object': either(eight({ objects: 12, area: 11_546 })),
  'voc-inverted': either(eight({ area: undefined }), refused(/negative/)),
  'voc-outside': either(eight({ area: undefined })),
  'voc-polygon': okEight(eight({ area: undefined, said: [/turned/] }), refused(/polygon|robndbox/, /ball|object/)),
  'voc-parts': okEight(),
  'voc-two-roots': okEight(),
  'voc-two-roots+up': okEight(refused(/VOC2007/)),
  'voc-fall-two': either(refused(/XML|VOC|annotations/), read({ task: 'object-detection', said: [/without/] })),
  'voc-fall-voc2012': either(refused(/VOC2007|VOC2012|Pascal VOC/), read({ task: 'object-detection' })),
};

/** Layouts of labelling tools: read, or refused by the name of the format. */
const named = (name: RegExp): Expectation => okSix(refused(name));

/** Of classes that are numbers nothing says the names: read, and that said. */
const unnamed = (): Expectation =>
  okSix(six({ labels: ['0', '1'], said: [/classes-without-names/] }), refused(/name/, /0, 1/));

const tools: Readonly<Record<string, Expectation>> = {
  'oth-labelme': named(/labelme/i),
  'oth-via-json': named(/VIA/),
  'oth-via-json+file': named(/VIA/),
  'oth-via-csv': named(/VIA/),
  'oth-via-csv+file': named(/VIA/),
  'oth-createml': named(/CreateML/i),
  'oth-createml+file': named(/CreateML/i),
  'oth-hf-metadata': unnamed(),
  'oth-hf-metadata+file': unnamed(),
  'oth-roboflow-csv': named(/box/i),
  'oth-roboflow-csv+file': named(/box/i),
  'oth-labelstudio-json': named(/Label Studio/),
  'oth-labelstudio-json+file': named(/Label Studio/),
  'oth-cvat-xml': named(/CVAT/),
  'oth-cvat-xml-images': named(/CVAT/),
  'oth-kitti': named(/KITTI/i),
  'oth-kitti2': named(/KITTI/i),
  'oth-supervisely': named(/Supervisely/i),
  'oth-supervisely2': named(/Supervisely/i),
  'oth-zip-coco': either(four(), refused(/zip/i, /unpack|unzip/i)),
  'seg-masks': either(refused(/mask/i), read({ said: [/mask/i] })),
  'seg-train-masks': either(refused(/mask/i), read({ said: [/mask/i] })),
};

export const boxes: Readonly<Record<string, Expectation>> = { ...coco, ...yolo, ...voc, ...tools };
