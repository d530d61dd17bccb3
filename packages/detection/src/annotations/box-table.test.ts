import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { boxTable } from './box-table.ts';
import { boxesOf, expectRefusal, trialFolder } from './trial-folder.test.support.ts';

const folder = trialFolder();
beforeEach(async () => {
  for (const name of ['images/a.jpg', 'images/b.jpg']) await folder.put(name);
});

const CUP = ['cup', 10, 20, 30, 40];
const ANT = ['Ant', 0, 0, 50, 40];
const TWO = [
  ['images/a.jpg', undefined, [CUP, ANT]],
  ['images/b.jpg', undefined, [CUP]],
];

async function readTable(lines: readonly string[], options = {}, name = 'labels.csv') {
  const path = await folder.put(name, `${lines.join('\n')}\n`);
  return folder.read(boxTable, options, { path });
}

/** The same boxes as tables of boxes are written. */
const LAYOUTS: Readonly<Record<string, readonly string[]>> = {
  'TensorFlow and Roboflow': [
    'filename,width,height,class,xmin,ymin,xmax,ymax',
    'a.jpg,100,80,cup,10,20,40,60',
    'a.jpg,100,80,Ant,0,0,50,40',
    'b.jpg,100,80,cup,10,20,40,60',
  ],
  VoTT: [
    '"image","xmin","ymin","xmax","ymax","label"',
    '"a.jpg",10.0,20.0,40.0,60.0,"cup"',
    '"a.jpg",0.0,0.0,50.0,40.0,"Ant"',
    '"b.jpg",10.0,20.0,40.0,60.0,"cup"',
  ],
  'Open Images': [
    'ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsGroupOf',
    'a,xclick,cup,1,0.1,0.4,0.25,0.75,0,0',
    'a,xclick,Ant,1,0,0.5,0,0.5,0,0',
    'b,xclick,cup,1,0.1,0.4,0.25,0.75,0,0',
  ],
  'keras-retinanet': ['images/a.jpg,10,20,40,60,cup', 'images/a.jpg,0,0,50,40,Ant', 'images/b.jpg,10,20,40,60,cup'],
  'make-sense': ['cup,10,20,30,40,a.jpg,100,80', 'Ant,0,0,50,40,a.jpg,100,80', 'cup,10,20,30,40,b.jpg,100,80'],
  'sides with names': [
    'image_name,label,x,y,w,h',
    'a.jpg,cup,10,20,30,40',
    'a.jpg,Ant,0,0,50,40',
    'b.jpg,cup,10,20,30,40',
  ],
  'middles with names': [
    'image,class,x_center,y_center,width,height',
    'a.jpg,cup,25,40,30,40',
    'a.jpg,Ant,25,20,50,40',
    'b.jpg,cup,25,40,30,40',
  ],
  'boxes in one column': [
    'image_id,width,height,bbox,class',
    'a.jpg,100,80,"[10.0, 20.0, 30.0, 40.0]",cup',
    'a.jpg,100,80,"[0, 0, 50, 40]",Ant',
    'b.jpg,100,80,"[10, 20, 30, 40]",cup',
  ],
  'semicolons and decimal commas': [
    'file;class;xmin;ymin;xmax;ymax',
    'a.jpg;cup;10,0;20,0;40,0;60,0',
    'a.jpg;Ant;0,0;0,0;50,0;40,0',
    'b.jpg;cup;10,0;20,0;40,0;60,0',
  ],
};

describe('box-table', () => {
  it.each(Object.entries(LAYOUTS))('%s', async (_, lines) => {
    const data = await readTable(lines);
    expect(boxesOf(data)).toEqual(TWO);
    expect(data.labels).toEqual(['Ant', 'cup']);
    expect(data.notes?.warnings).toEqual([]);
    expect(await boxTable.detect(`${folder.root}/labels.csv`)).toBeGreaterThan(0.85);
  });

  it('JSON lines and gzipped tables', async () => {
    const rows = [
      { file: 'a.jpg', label: 'cup', xmin: 10, ymin: 20, xmax: 40, ymax: 60 },
      { file: 'a.jpg', label: 'Ant', xmin: 0, ymin: 0, xmax: 50, ymax: 40 },
      { file: 'b.jpg', label: 'cup', xmin: 10, ymin: 20, xmax: 40, ymax: 60 },
    ];
    expect(
      boxesOf(
        await readTable(
          rows.map((row) => JSON.stringify(row)),
          {},
          'labels.jsonl',
        ),
      ),
    ).toEqual(TWO);
    const path = await folder.put('labels.csv.gz', gzipSync(LAYOUTS['VoTT']!.join('\n')));
    expect(boxesOf(await folder.read(boxTable, {}, { path }))).toEqual(TWO);
  });

  it('a table for each split, in folders named for them', async () => {
    for (const split of ['train', 'valid']) {
      await folder.put(`set/${split}/a.jpg`);
      const row = `a.jpg,100,80,${split},10,20,40,60`;
      await folder.put(`set/${split}/_annotations.csv`, `${LAYOUTS['TensorFlow and Roboflow']![0]}\n${row}\n`);
    }
    const path = `${folder.root}/set`;
    expect(await boxTable.detect(path)).toBeGreaterThan(0.85);
    expect(boxesOf(await folder.read(boxTable, {}, { path }))).toEqual([
      ['train/a.jpg', 'train', [['train', 10, 20, 30, 40]]],
      ['valid/a.jpg', 'validation', [['valid', 10, 20, 30, 40]]],
    ]);
  });

  it('a column of splits, groups (Open Images) and rows without a box: negatives', async () => {
    const data = await readTable([
      'ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf,Subset',
      'a,cup,0.1,0.4,0.25,0.75,1,train',
      'b,,,,,,,test',
    ]);
    expect(boxesOf(data)).toEqual([
      ['images/a.jpg', 'train', [CUP]],
      ['images/b.jpg', 'test', []],
    ]);
    expect(data.samples[0]?.sample.objects[0]?.crowd).toBe(true);
    const negative = await readTable(['images/a.jpg,10,20,40,60,cup', 'images/b.jpg,,,,,']);
    expect(boxesOf(negative)).toEqual([TWO[0]!.with(2, [CUP]), ['images/b.jpg', undefined, []]]);
  });

  it('columns are given where their names are not clear', async () => {
    const lines = ['pic,kind,shade,a,b,c,d', 'a.jpg,cup,red,10,20,40,60', 'b.jpg,Ant,blue,10,20,40,60'];
    await expectRefusal(readTable(lines), 'invalid-option', 'labels.csv');
    const options = { 'box-columns': 'a,b,c,d', 'label-column': 'kind' };
    expect((await readTable(lines, options)).labels).toEqual(['Ant', 'cup']);
    const sizes = await readTable(lines, { ...options, boxes: 'sizes' });
    expect(sizes.samples[0]?.sample.objects[0]?.box).toEqual([10, 20, 40, 60]);
    const one = await readTable(lines, { 'box-columns': 'a,b,c,d', class: 'thing' });
    expect(one.labels).toEqual(['thing']);
    await expectRefusal(readTable(lines, { ...options, 'box-columns': 'a,b,c,e' }), 'invalid-option', '"e"');
    await expectRefusal(readTable(lines, { ...options, 'box-columns': 'a,b' }), 'invalid-option', 'not four');
    const several = ['file,label,category,xmin,ymin,xmax,ymax', 'a.jpg,cup,big,1,2,3,4', 'b.jpg,cup,big,1,2,3,4'];
    await expectRefusal(readTable(several), 'invalid-option', 'label, category');
    expect((await readTable(several, { 'label-column': 'category' })).labels).toEqual(['big']);
  });

  it('boxes that look as if they were meant otherwise are warned of, and read so on request', async () => {
    const lines = ['file,label,x,y,w,h', ...['a', 'b'].map((name) => `${name}.jpg,cup,60,50,90,70`)];
    const data = await readTable(lines);
    expect(data.notes?.warnings?.map(({ code }) => code)).toEqual(['boxes-as-corners']);
    const corners = await readTable(lines, { boxes: 'corners' });
    expect(corners.notes?.warnings).toEqual([]);
    expect(corners.samples.map(({ sample }) => sample.objects[0]?.box)).toEqual([
      [60, 50, 30, 20],
      [60, 50, 30, 20],
    ]);
  });

  it('refuses what it cannot read, with file and line', async () => {
    const head = 'file,label,xmin,ymin,xmax,ymax,split';
    const good = 'a.jpg,cup,10,20,40,60,train';
    const read = (...rows: string[]) => readTable([head, good, ...rows]);
    await expectRefusal(read('b.jpg,cup,10,x,40,60,train'), 'sample-unreadable', 'labels.csv, line 3');
    await expectRefusal(read('b.jpg,cup,10,,40,60,train'), 'sample-unreadable', 'labels.csv, line 3');
    await expectRefusal(read('b.jpg,cup,10,20,1e999,60,train'), 'sample-unreadable', 'labels.csv, line 3');
    await expectRefusal(read('b.jpg,cup,10,20,5,60,train'), 'sample-unreadable', 'labels.csv, line 3');
    await expectRefusal(read(',cup,10,20,40,60,train'), 'target-unreadable', 'line 3: it names no picture');
    await expectRefusal(read('c.jpg,cup,10,20,40,60,train'), 'sample-unreadable', 'c.jpg');
    await expectRefusal(read('a.jpg,cup,10,20,40,60,test'), 'target-unreadable', 'line 3: "a.jpg" is in another split');
    await expectRefusal(read('b.jpg,cup,10,20,40,60,cats'), 'target-unreadable', 'line 3: the split "cats"');
    const { unlabelled, samples } = await read('b.jpg,,10,20,40,60,train');
    expect(samples.map(({ sample }) => sample.id)).toEqual(['images/a.jpg']);
    expect(unlabelled).toMatchObject([{ id: 'images/b.jpg' }]);
    const skipping = await folder.read(
      boxTable,
      {},
      {
        path: await folder.put('labels.csv', [head, good, 'c.jpg,cup,10,20,40,60,train'].join('\n')),
        skipBad: true,
      },
    );
    expect(skipping.skipped).toMatchObject([{ id: 'c.jpg' }]);
  });

  it('lists of pictures with boxes as keras-yolo3 has them are named', async () => {
    await folder.put('train.txt', 'images/a.jpg 10,20,40,60,0 1,2,3,4,1\nimages/b.jpg 10,20,40,60,0\n');
    expect((await boxTable.recognise!(folder.root))?.layout).toContain('keras-yolo3');
    await folder.put('train.txt', 'a.jpg was a good film, 1 of 4, 0\n');
    expect(await boxTable.recognise!(folder.root)).toBeUndefined();
  });
});
