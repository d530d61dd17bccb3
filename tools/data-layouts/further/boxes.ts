import { read, refused, type Acceptable } from '../expectation.ts';
import { picture, type FurtherCase } from './further-case.ts';

/** Pixels of the pictures. */
const WIDTH = 160;
const HEIGHT = 120;
const LABELS = ['ball', 'crate'] as const;

interface DrawnObject {
  readonly label: number;
  readonly box: readonly [x: number, y: number, width: number, height: number];
}

/** Eight pictures with one or two objects each: whole pixels, so that every format writes them exactly. */
const DRAWN: readonly (readonly DrawnObject[])[] = Array.from({ length: 8 }, (_, i) => [
  { label: i % 2, box: [10 + 4 * i, 20, 24, 30] },
  ...(i % 3 === 0 ? [{ label: 1 - (i % 2), box: [80, 50 + i, 40, 36] } as const] : []),
]);
const OBJECTS = DRAWN.flat();
const AREA = OBJECTS.reduce((sum, { box }) => sum + box[2] * box[3], 0);

const nameOf = (i: number) => `p${i}.jpg`;
const stem = (i: number) => `p${i}`;
const pictures = (folder: string) =>
  Object.fromEntries(DRAWN.map((_, i) => [`${folder}${nameOf(i)}`, picture(i, WIDTH, HEIGHT)]));

const boxes = (more = {}) =>
  read({ task: 'object-detection', labels: LABELS, samples: 8, objects: OBJECTS.length, area: AREA, ...more });

const yoloRow = ({ label, box: [x, y, w, h] }: DrawnObject) =>
  [label, (x + w / 2) / WIDTH, (y + h / 2) / HEIGHT, w / WIDTH, h / HEIGHT].join(' ');
const yoloLabels = (folder: string, row = yoloRow) =>
  Object.fromEntries(DRAWN.map((objects, i) => [`${folder}${stem(i)}.txt`, objects.map(row).join('\n')]));
const YAML = `names: [${LABELS.join(', ')}]\n`;

const made = (
  name: string,
  files: FurtherCase['files'],
  accept: readonly Acceptable[],
  more: Partial<FurtherCase> = {},
): FurtherCase => ({
  name,
  part: 'boxes',
  files,
  expectation: { accept },
  ...more,
});

function yolo(): FurtherCase[] {
  const noYaml = refused(/data\.yaml|YOLO|classes\.txt/);
  const places: readonly (readonly [name: string, images: string, labels: string])[] = [
    ['images-labels', 'images/', 'labels/'],
    ['images-labels-train', 'images/train/', 'labels/train/'],
    ['train-images', 'train/images/', 'train/labels/'],
    ['beside', '', ''],
    ['caps', 'Images/', 'Labels/'],
  ];
  const readings = places.flatMap(([name, images, labels]) => {
    const files = { ...pictures(images), ...yoloLabels(labels) };
    return [
      made(`yolo-${name}-yaml`, { ...files, 'data.yaml': `train: ${images || '.'}\n${YAML}` }, [
        boxes(),
        refused(/label/, /looked|labels/i),
      ]),
      made(`yolo-${name}-classes-txt`, { ...files, [`${labels}classes.txt`]: LABELS.join('\n') }, [boxes(), noYaml]),
      made(`yolo-${name}-nothing`, files, [boxes({ labels: ['0', '1'] }), boxes({ labels: undefined }), noYaml]),
    ];
  });
  const corners = ({ label, box: [x, y, w, h] }: DrawnObject) =>
    [label, x / WIDTH, y / HEIGHT, (x + w) / WIDTH, (y + h) / HEIGHT].join(' ');
  const yaml = { 'data.yaml': `train: images\n${YAML}` };
  return [
    ...readings,
    made('yolo-as-corners', { ...pictures('images/'), ...yoloLabels('labels/', corners), ...yaml }, [
      boxes(),
      boxes({ objects: undefined, area: undefined, said: [/corner/] }),
      refused(/corner|outside/),
    ]),
    made(
      'yolo-doubled',
      { ...pictures('images/'), ...yoloLabels('labels/', (one) => `${yoloRow(one)}\n${yoloRow(one)}`), ...yaml },
      [
        boxes({ objects: 2 * OBJECTS.length, area: undefined, said: [/doubled|twice/] }),
        boxes({ said: [/doubled|twice/] }),
      ],
    ),
    made(
      'yolo-half-labelled',
      { ...pictures('images/'), ...Object.fromEntries(Object.entries(yoloLabels('labels/')).slice(0, 4)), ...yaml },
      [boxes({ objects: undefined, area: undefined, said: [/label/] })],
    ),
    made(
      'yolo-confidence',
      { ...pictures('images/'), ...yoloLabels('labels/', (one) => `${yoloRow(one)} 0.9`), ...yaml },
      [boxes(), refused(/line 1/)],
    ),
    made('yolo-names-file', { ...pictures('images/'), ...yoloLabels('labels/'), 'obj.names': LABELS.join('\n') }, [
      boxes(),
      noYaml,
    ]),
  ];
}

const cocoOf = (
  change: Partial<{ file: (i: number) => string; box: (box: DrawnObject['box']) => readonly number[] }> = {},
) => {
  const { file = nameOf, box: write = (box) => box } = change;
  return JSON.stringify({
    images: DRAWN.map((_, i) => ({ id: i + 1, file_name: file(i), width: WIDTH, height: HEIGHT })),
    categories: LABELS.map((name, id) => ({ id: id + 1, name })),
    annotations: DRAWN.flatMap((objects, i) => objects.map((object) => ({ ...object, image: i }))).map(
      ({ image, label, box }, id) => ({
        id: id + 1,
        image_id: image + 1,
        category_id: label + 1,
        bbox: write(box),
        area: box[2] * box[3],
        iscrowd: 0,
      }),
    ),
  });
};

function coco(): FurtherCase[] {
  const paths: Readonly<Record<string, (i: number) => string>> = {
    plain: nameOf,
    'in-folder': (i) => `images/${nameOf(i)}`,
    backslash: (i) => `images\\${nameOf(i)}`,
    absolute: (i) => `/data/me/set/images/${nameOf(i)}`,
    windows: (i) => `C:\\data\\images\\${nameOf(i)}`,
    upwards: (i) => `../images/${nameOf(i)}`,
    caps: (i) => nameOf(i).toUpperCase(),
    percent: (i) => nameOf(i).replace('p', '%70'),
  };
  const missing = refused(/no picture|no such file/);
  return [
    ...Object.entries(paths).map(([name, file]) =>
      made(`coco-path-${name}`, { ...pictures('images/'), 'annotations/instances.json': cocoOf({ file }) }, [
        boxes(),
        missing,
      ]),
    ),
    made(
      'coco-as-corners',
      { ...pictures('images/'), 'a.json': cocoOf({ box: ([x, y, w, h]) => [x, y, x + w, y + h] }) },
      [boxes(), boxes({ objects: undefined, area: undefined, said: [/corner/] }), refused(/corner|outside/)],
    ),
    made(
      'coco-as-shares',
      {
        ...pictures('images/'),
        'a.json': cocoOf({ box: ([x, y, w, h]) => [x / WIDTH, y / HEIGHT, w / WIDTH, h / HEIGHT] }),
      },
      [boxes(), boxes({ objects: undefined, area: undefined, said: [/fraction|share/] }), refused(/fraction|share/)],
    ),
    made(
      'coco-with-notes',
      { ...pictures('images/'), 'result.json': cocoOf(), 'notes.json': '{"info": {}}', 'package.json': '{}' },
      [boxes(), refused(/result\.json/)],
    ),
    made('coco-two-files', { ...pictures('images/'), 'one.json': cocoOf(), 'two.json': cocoOf() }, [
      refused(/one\.json/, /two\.json/),
    ]),
    made('coco-broken', { ...pictures('images/'), 'annotations.json': '{"images": [' }, [
      refused(/annotations\.json/, /JSON/),
    ]),
    made('coco-no-annotations-key', { ...pictures('images/'), 'annotations.json': '{"images": []}' }, [
      refused(/annotations\.json/),
    ]),
  ];
}

const voc = (objects: readonly DrawnObject[], i: number) =>
  `<annotation><filename>${nameOf(i)}</filename><size><width>${WIDTH}</width><height>${HEIGHT}</height><depth>3</depth></size>${objects
    .map(
      ({ label, box: [x, y, w, h] }) =>
        `<object><name>${LABELS[label]}</name><bndbox><xmin>${x + 1}</xmin><ymin>${y + 1}</ymin><xmax>${x + w}</xmax><ymax>${y + h}</ymax></bndbox></object>`,
    )
    .join('')}</annotation>`;

function pascalVoc(): FurtherCase[] {
  const places = [
    ['Annotations/', 'JPEGImages/'],
    ['annotations/', 'images/'],
    ['xml/', 'img/'],
    ['Annotation/', 'Images/'],
    ['labels/', 'images/'],
    ['', ''],
    ['annotations/xmls/', 'images/'],
    ['VOC2012/Annotations/', 'VOC2012/JPEGImages/'],
  ] as const;
  return places.map(([xml, images]) =>
    made(
      `voc-${`${xml}-${images}`.replaceAll('/', '')}`,
      {
        ...pictures(images),
        ...Object.fromEntries(DRAWN.map((objects, i) => [`${xml}${stem(i)}.xml`, voc(objects, i)])),
      },
      [boxes({ area: undefined }), refused(/XML|VOC/)],
    ),
  );
}

/** Tables of boxes, by what their columns are called. */
const BOX_TABLES: Readonly<
  Record<
    string,
    readonly [head: string, row: (file: string, label: string, box: DrawnObject['box']) => readonly (string | number)[]]
  >
> = {
  corners: ['filename,xmin,ymin,xmax,ymax,label', (file, label, [x, y, w, h]) => [file, x, y, x + w, y + h, label]],
  roboflow: [
    'filename,width,height,class,xmin,ymin,xmax,ymax',
    (file, label, [x, y, w, h]) => [file, WIDTH, HEIGHT, label, x, y, x + w, y + h],
  ],
  'x-min': [
    'image_path,x_min,y_min,x_max,y_max,class_name',
    (file, label, [x, y, w, h]) => [file, x, y, x + w, y + h, label],
  ],
  sides: ['image,x,y,width,height,label', (file, label, [x, y, w, h]) => [file, x, y, w, h, label]],
  'left-top': ['image,left,top,right,bottom,label', (file, label, [x, y, w, h]) => [file, x, y, x + w, y + h, label]],
  'x1-y1': ['path,x1,y1,x2,y2,class', (file, label, [x, y, w, h]) => [file, x, y, x + w, y + h, label]],
  list: ['image_id,bbox,label', (file, label, [x, y, w, h]) => [file, `"[${x}, ${y}, ${w}, ${h}]"`, label]],
};

function boxTables(): FurtherCase[] {
  return Object.entries(BOX_TABLES).map(([name, [head, row]]) => {
    const rows = DRAWN.flatMap((objects, i) =>
      objects.map(({ label, box }) => row(nameOf(i), LABELS[label]!, box).join(',')),
    );
    return made(
      `box-table-${name}`,
      { ...pictures(''), 'boxes.csv': [head, ...rows].join('\n') },
      [boxes(), refused(/box/i)],
      {
        target: 'boxes.csv',
      },
    );
  });
}

/** Labelling tools' files. */
function labellingTools(): FurtherCase[] {
  const labelme = (objects: readonly DrawnObject[], i: number) =>
    JSON.stringify({
      version: '5.0.1',
      flags: {},
      shapes: objects.map(({ label, box: [x, y, w, h] }) => ({
        label: LABELS[label],
        points: [
          [x, y],
          [x + w, y + h],
        ],
        shape_type: 'rectangle',
      })),
      imagePath: nameOf(i),
      imageHeight: HEIGHT,
      imageWidth: WIDTH,
    });
  const createml = DRAWN.map((objects, i) => ({
    image: nameOf(i),
    annotations: objects.map(({ label, box: [x, y, width, height] }) => ({
      label: LABELS[label],
      coordinates: { x: x + width / 2, y: y + height / 2, width, height },
    })),
  }));
  const cvat = `<?xml version="1.0" encoding="utf-8"?><annotations><version>1.1</version>${DRAWN.map(
    (objects, i) =>
      `<image id="${i}" name="${nameOf(i)}" width="${WIDTH}" height="${HEIGHT}">${objects
        .map(
          ({ label, box: [x, y, w, h] }) =>
            `<box label="${LABELS[label]}" xtl="${x}.00" ytl="${y}.00" xbr="${x + w}.00" ybr="${y + h}.00" occluded="0" z_order="0"></box>`,
        )
        .join('')}</image>`,
  ).join('')}</annotations>`;
  const tool = (name: string, said: RegExp, files: FurtherCase['files']) =>
    made(`tool-${name}`, files, [boxes(), refused(said)], { part: 'layouts' });
  return [
    tool('labelme', /labelme/i, {
      ...pictures(''),
      ...Object.fromEntries(DRAWN.map((objects, i) => [`${stem(i)}.json`, labelme(objects, i)])),
    }),
    tool('labelme-folders', /labelme/i, {
      ...pictures('images/'),
      ...Object.fromEntries(DRAWN.map((objects, i) => [`annotations/${stem(i)}.json`, labelme(objects, i)])),
    }),
    tool('createml', /CreateML/i, { ...pictures(''), 'annotations.json': JSON.stringify(createml) }),
    tool('cvat', /CVAT/, { ...pictures(''), 'annotations.xml': cvat }),
    tool('cvat-images', /CVAT/, { ...pictures('images/'), 'annotations.xml': cvat }),
  ];
}

export const furtherBoxes = (): FurtherCase[] => [
  ...yolo(),
  ...coco(),
  ...pascalVoc(),
  ...boxTables(),
  ...labellingTools(),
];
