import type { Reader } from '@headstart/core';
import { checkReader } from '@headstart/core/testing';
import { describe, it } from 'vitest';
import type { DetectionSample } from '../data/detection-sample.ts';
import { boxTable } from './box-table.ts';
import { createMl } from './createml.ts';
import { cvatXml } from './cvat-xml.ts';
import { kitti } from './kitti.ts';
import { labelStudio } from './label-studio.ts';
import { labelme } from './labelme.ts';
import { metadataBoxes } from './metadata-boxes.ts';
import { supervisely } from './supervisely.ts';
import { trialFolder } from './trial-folder.test.support.ts';
import { via } from './via.ts';

const folder = trialFolder();

const CORNERS = [
  [10, 20],
  [40, 60],
];
const percents = { x: 10, y: 25, width: 30, height: 50, rectanglelabels: ['cup'] };
const results = [{ type: 'rectanglelabels', original_width: 100, original_height: 80, value: percents }];
const rect = { name: 'rect', x: 10, y: 20, width: 30, height: 40 };

/** Each reader with the annotation of a picture `a.jpg`, and one in which nothing can be a box. */
const SETS: readonly (readonly [
  Reader<DetectionSample>,
  file: string,
  content: string | object,
  bad: string | object,
])[] = [
  [
    cvatXml,
    'annotations.xml',
    '<annotations><version>1.1</version><image id="0" name="a.jpg" width="100" height="80"><box label="cup" xtl="10" ytl="20" xbr="40" ybr="60"/></image></annotations>',
    '<annotations><version>1.1</version><image id="0"/></annotations>',
  ],
  [
    labelStudio,
    'project.json',
    [{ id: 1, data: { image: 'a.jpg' }, annotations: [{ result: results }] }],
    [{ id: 1, data: {}, annotations: [{ result: results }] }],
  ],
  [
    labelme,
    'a.json',
    { shapes: [{ label: 'cup', points: CORNERS, shape_type: 'rectangle' }], imagePath: 'a.jpg' },
    { shapes: [{ label: 'cup', points: 1 }], imagePath: 'a.jpg' },
  ],
  [
    via,
    'via.json',
    { k: { filename: 'a.jpg', regions: [{ shape_attributes: rect, region_attributes: { type: 'cup' } }] } },
    { k: { filename: 'a.jpg', regions: 1 } },
  ],
  [
    createMl,
    'set.json',
    [{ image: 'a.jpg', annotations: [{ label: 'cup', coordinates: { x: 25, y: 40, width: 30, height: 40 } }] }],
    [{ image: 'a.jpg', annotations: [{ label: 'cup', coordinates: {} }] }],
  ],
  [
    supervisely,
    'a.jpg.json',
    {
      size: { width: 100, height: 80 },
      objects: [{ classTitle: 'cup', geometryType: 'rectangle', points: { exterior: CORNERS } }],
    },
    { size: {}, objects: [{}] },
  ],
  [kitti, 'a.txt', 'cup 0 0 -1.57 10 20 40 60 1 1 1 1 1 1 0\n', 'cup 0 0 -1.57 10 20 5 60 1 1 1 1 1 1 0\n'],
  [
    metadataBoxes,
    'metadata.jsonl',
    '{"file_name": "a.jpg", "objects": {"bbox": [[10, 20, 30, 40]], "categories": ["cup"]}}\n',
    '{"file_name": "a.jpg", "objects": {"bbox": [[10, 20, 30]], "categories": ["cup"]}}\n',
  ],
  [
    boxTable,
    '_annotations.csv',
    'filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,100,80,cup,10,20,40,60\n',
    'filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,100,80,cup,10,20,5,60\n',
  ],
];

describe('readers of annotations keep the contract of readers, each apart from all others', () => {
  it.each(SETS.map(([reader]) => [reader.id, reader] as const))('%s', async (_, reader) => {
    for (const [other, name, data, broken] of SETS) {
      for (const kind of ['good', 'bad']) await folder.put(`${kind}/${other.id}/a.jpg`);
      await folder.put(`good/${other.id}/${name}`, data);
      await folder.put(`bad/${other.id}/${name}`, broken);
    }
    await checkReader(reader, {
      path: `${folder.root}/good/${reader.id}`,
      others: SETS.filter(([other]) => other !== reader).map(([other]) => `${folder.root}/good/${other.id}`),
      bad: [`${folder.root}/bad/${reader.id}`],
    });
  });
});
