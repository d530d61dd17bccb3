import { describe, expect, it } from 'vitest';
import { boxTable } from './box-table.ts';
import { cvatXml } from './cvat-xml.ts';
import { kitti } from './kitti.ts';
import { labelme } from './labelme.ts';
import { supervisely } from './supervisely.ts';
import { boxesOf, expectRefusal, trialFolder } from './trial-folder.test.support.ts';

const folder = trialFolder();

describe('kitti', () => {
  const line = (type: string, box = '10.00 20.00 40.00 60.00') =>
    `${type} 0.00 0 -1.57 ${box} 1.5 1.6 3.9 1.8 1.5 8.4 0.1`;

  it('reads corners of the left camera, negatives, and leaves DontCare aside', async () => {
    for (const name of ['image_2/000000', 'image_2/000001', 'image_3/000000']) await folder.put(`training/${name}.png`);
    await folder.put('training/label_2/000000.txt', `${line('Car')}\n${line('DontCare')}\n`);
    await folder.put('training/label_2/000001.txt', '');
    expect(await kitti.detect(folder.root)).toBeGreaterThan(0.85);
    const data = await folder.read(kitti);
    expect(boxesOf(data)).toEqual([
      ['training/image_2/000000.png', undefined, [['Car', 10, 20, 30, 40]]],
      ['training/image_2/000001.png', undefined, []],
    ]);
    expect(data.notes?.passedOver).toMatchObject([{ what: 'DontCare regions', count: 1 }]);
  });

  it('is not sure of other texts, and refuses broken lines', async () => {
    const path = await folder.put('labels/1.txt', '0 0.5 0.5 0.1 0.1\n');
    expect(await kitti.detect(path)).toBe(0);
    await folder.put('labels/1.jpg');
    await folder.put('labels/1.txt', 'Car 0 0 0 1 2\n');
    await expectRefusal(folder.read(kitti, {}, { path }), 'target-unreadable', '1.txt, line 1', '6 values');
    await folder.put('labels/1.txt', line('Car', 'a 2 3 4'));
    await expectRefusal(folder.read(kitti, {}, { path }), 'sample-unreadable', '1.txt, line 1');
  });
});

describe('supervisely', () => {
  const object = (geometryType: string, exterior: unknown, classTitle = 'cup') => ({
    classTitle,
    geometryType,
    points: { exterior, interior: [] },
  });
  const file = (...objects: unknown[]) => ({ description: '', tags: [], size: { height: 80, width: 100 }, objects });

  it('reads rectangles and the box around polygons, each data set from its own pictures', async () => {
    for (const name of ['ds0/img/a.jpg', 'ds1/img/a.jpg']) await folder.put(name);
    await folder.put('meta.json', { classes: [{ title: 'cup' }] });
    await folder.put(
      'ds0/ann/a.jpg.json',
      file(
        object('rectangle', [
          [40, 60],
          [10, 20],
        ]),
      ),
    );
    await folder.put(
      'ds1/ann/a.jpg.json',
      file(
        object('polygon', [
          [10, 70],
          [30, 50.5],
          [20, 60],
        ]),
        object('point', [[1, 2]]),
      ),
    );
    expect(await supervisely.detect(folder.root)).toBeGreaterThan(0.85);
    const data = await folder.read(supervisely);
    expect(boxesOf(data)).toEqual([
      ['ds0/img/a.jpg', undefined, [['cup', 10, 20, 30, 40]]],
      ['ds1/img/a.jpg', undefined, [['cup', 10, 50.5, 20, 19.5]]],
    ]);
    expect(data.notes?.warnings?.map(({ code }) => code)).toEqual(['shapes-as-boxes']);
  });

  it('refuses bitmaps, whose boxes are not written, unless only boxes are read', async () => {
    await folder.put('ds/img/a.jpg');
    await folder.put(
      'ds/ann/a.jpg.json',
      file(
        object('bitmap', []),
        object('rectangle', [
          [1, 2],
          [3, 4],
        ]),
      ),
    );
    await expectRefusal(folder.read(supervisely), 'target-unreadable', 'a.jpg.json, object 1', 'bitmap');
    expect(boxesOf(await folder.read(supervisely, { shapes: 'boxes' }))).toHaveLength(1);
    await folder.put('ds/ann/a.jpg.json', file(1));
    await expectRefusal(folder.read(supervisely), 'target-unreadable', 'a.jpg.json, object 1');
  });
});

describe('layouts that are known and not read', () => {
  it.each([
    ['annotations.xml', '<annotations><version>1.1</version><track id="0"/></annotations>', cvatXml, 'CVAT for video'],
    ['via.json', { project: { pid: 'x', vid_list: [] }, config: {}, metadata: {} }, labelme, 'VGG Image Annotator 3'],
    ['x.vott', { name: 'x', assets: { a: { asset: {} } } }, labelme, 'VoTT'],
    ['export.ndjson', '{"data_row": {"id": "x"}, "projects": {}}\n', labelme, 'Labelbox'],
    ['a.json', { item: {}, annotations: [{ bounding_box: { h: 1 } }] }, labelme, 'Darwin'],
    ['default.json', { info: {}, categories: { label: {} }, items: [] }, labelme, 'Datumaro'],
    ['a.json', { labels: [{ category: 'car', box2d: { x1: 1 } }] }, labelme, 'BDD100K'],
    ['a.json', { metadata: {}, instances: [{ className: 'cup' }] }, labelme, 'SuperAnnotate'],
    ['train.tfrecord', 'x', boxTable, 'TFRecord'],
    ['out.manifest', '{"source-ref": "s3://a/b.jpg", "boxes": {}}\n', boxTable, 'Ground Truth'],
    ['import.jsonl', '{"imageGcsUri": "gs://b/a.jpg", "boundingBoxAnnotations": []}\n', boxTable, 'Vertex'],
    ['gt.txt', '1,1,10,20,30,40,1,1,1\n2,1,10,20,30,40,1,1,1\n', boxTable, 'MOT'],
    ['wider.txt', '0--Parade/a.jpg\n1\n10 20 30 40 0 0 0 0 0 0 \n', boxTable, 'WIDER'],
  ])('%s', async (name, content, reader, word) => {
    await folder.put('a.jpg');
    const path = await folder.put(name, content);
    for (const target of [folder.root, path]) {
      expect(await reader.detect(target)).toBe(0);
      expect((await reader.recognise?.(target))?.layout).toContain(word);
      expect((await reader.recognise?.(target))?.layout).toContain(name);
    }
  });
});
