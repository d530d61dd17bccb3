import { silentProgress, type ReadOptions } from '@headstart/core';
import { refusalOf } from '@headstart/core/testing';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { imageCsv } from './image-csv.ts';

let root: string;
let png: Buffer;
beforeAll(async () => {
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: '#c08040' } });
  png = await picture.png().toBuffer();
});
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-picture-tables-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: Buffer | string = png): Promise<string> {
  const whole = join(root, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, content);
  return whole;
}

const putAll = (...paths: string[]) => Promise.all(paths.map((path) => put(path)));

/** How `read` is asked: the reader's options, and whether what is bad is left out. */
type Asked = ReadOptions['options'] & { readonly skip?: never };
const asked = (options: Asked = {}, skipBad = false): ReadOptions => ({ skipBad, progress: silentProgress, options });

async function read(path: string, options: Asked = {}, skipBad = false) {
  return imageCsv.read(path, asked(options, skipBad));
}

async function readText(text: string, options: Asked = {}, skipBad = false) {
  return read(await put('list.csv', text), options, skipBad);
}

type Read = Awaited<ReturnType<typeof read>>;

/** Each picture with its label, or its labels in a list, and its split where it has one. */
function rows({ samples, labels }: Read): string[] {
  return samples.map(({ sample, split }) => {
    const own = sample.labels ? `[${sample.labels.map((index) => labels[index]).join(' ')}]` : labels[sample.label!];
    return [sample.id, own, ...(split ? [split] : [])].join(' ');
  });
}

it('warns where pictures lie in the folder of another class', async () => {
  await putAll('cat/1.png', 'cat/2.png', 'dog/1.png', 'train/1.png', 'bus/1.png');
  const against = async (text: string) =>
    (await readText(text)).notes?.warnings?.flatMap(({ code, samples }) =>
      code === 'labels-against-folders' ? samples : [],
    );
  expect(await against('file,label\ncat/1.png,cat\ncat/2.png,dog\ndog/1.png,Dog\n')).toEqual(['cat/2.png']);
  expect(await against('file,label\ncat/1.png,tabby\ndog/1.png,poodle\n')).toEqual([]);
  expect(await against('file,label\ntrain/1.png,bus\nbus/1.png,train\n')).toEqual(['bus/1.png']);
});

describe('columns', () => {
  it('are found by name, with splits; every picture has the digest of its bytes', async () => {
    await putAll('img/a.png', 'img/b.png');
    const file = await put(
      'list.csv',
      '\uFEFFid,File,Label,split\n1,img/a.png,"cat, tabby",train\n2,img/b.png,dog,val\n3,img/a.png,"cat, tabby",\n',
    );
    expect(await imageCsv.detect(file)).toBeGreaterThan(0.85);
    const data = await read(file);
    expect([data.id, data.labels]).toEqual(['list', ['cat, tabby', 'dog']]);
    expect(rows(data)).toEqual(['img/a.png cat, tabby train', 'img/b.png dog validation', 'img/a.png cat, tabby']);
    const { image, digest } = data.samples[0]!.sample;
    expect(image).toEqual({ kind: 'file', path: join(root, 'img/a.png') });
    expect(digest).toBe(createHash('sha256').update(png).digest('hex'));
    expect(data.notes?.table).toMatchObject({
      separator: ',',
      header: true,
      columns: [
        { name: 'id' },
        { name: 'File', role: 'picture' },
        { name: 'Label', role: 'label' },
        { name: 'split', role: 'split' },
      ],
    });
  });

  it.each([
    ['image_id,breed', 'a.png,cat', 'b.png,dog'],
    ['Image,Id', 'a.png,cat', 'b.png,dog'],
    ['name,label,n', 'a.png,cat,1', 'b.png,dog,2'],
    ['label,path,class_id', 'cat,a.png,0', 'dog,b.png,1'],
    ['class id,filepaths,labels', '0,a.png,cat', '1,b.png,dog'],
    ['image,id,choice,created_at', 'a.png,1,cat,2024-01-01', 'b.png,2,dog,2024-01-02'],
    ['path;Finding Labels', 'a.png;cat', 'b.png;dog'],
    ['where\twhat', 'a.png\tcat', 'b.png\tdog'],
    ['a.png,cat', 'b.png,dog'],
    ['cat,a.png', 'dog,b.png'],
    ['# exported', 'path,label', 'a.png,cat', 'b.png,dog'],
    ['{"file_name":"a.png","label":"cat"}', '{"file_name":"b.png","label":"dog"}'],
  ])('are found below %s', async (...lines) => {
    await putAll('a.png', 'b.png');
    expect(rows(await readText(`${lines.join('\n')}\n`))).toEqual(['a.png cat', 'b.png dog']);
  });

  it('are found in lines of a path and a number (Caffe)', async () => {
    await putAll('a.png', 'b.png');
    const file = await put('train.txt', 'a.png 0\nb.png 1\n');
    expect(await imageCsv.detect(file)).toBeGreaterThan(0.85);
    expect(rows(await read(file))).toEqual(['a.png 0', 'b.png 1']);
  });

  it('are found where columns that are not read have one name', async () => {
    await putAll('a.png', 'b.png');
    expect(rows(await readText('path,label,note,note\na.png,cat,x,1\nb.png,dog,y,2\n'))).toEqual([
      'a.png cat',
      'b.png dog',
    ]);
    const flags = 'path,cat,dog,cat\na.png,1,0,1\nb.png,0,1,0\n';
    await refusalOf(readText(flags), 'invalid-option', 'several columns called "cat"');
  });

  it('are named by options, and refused with their names where they are not clear', async () => {
    await putAll('a.png', 'b.png');
    const two = 'small,large,kind\na.png,b.png,cat\n';
    await refusalOf(readText(two), 'invalid-option', 'several columns', 'small, large', 'path-column');
    expect(rows(await readText(two, { 'path-column': 'large' }))).toEqual(['b.png cat']);
    await refusalOf(readText(two, { 'path-column': 'larg' }), 'invalid-option', '"larg"');
    const unclear = 'path,colour,kind\na.png,red,cat\nb.png,red,cat\na.png,blue,dog\nb.png,blue,dog\n';
    await refusalOf(readText(unclear), 'invalid-option', 'no column of labels', 'path, colour, kind');
    await refusalOf(readText('path,label,class\na.png,x,y\n'), 'invalid-option', 'label, class');
    await refusalOf(readText('path,label\na.png,x\n', { 'path-colum': 'a' }), 'unknown-name', 'path-column');
    await refusalOf(
      readText('path,label\na.png,x\n', { 'labels-per-picture': 'two' }),
      'invalid-option',
      'one or several',
    );
  });

  it('leave tables of texts and of boxes to others', async () => {
    await putAll('a.png');
    for (const text of [
      'text,label\nhello there everyone,good\nand good night,bad\n',
      'filename,width,height,class,xmin,ymin,xmax,ymax\na.png,8,8,cat,1,1,4,4\n',
      '',
    ])
      expect(await imageCsv.detect(await put('t.csv', text))).toBe(0);
    expect(await imageCsv.detect(join(root, 'missing.csv'))).toBe(0);
  });
});

describe('splits', () => {
  it('are columns of many names, flags, and the first column of a table without a header', async () => {
    await putAll('a.png', 'b.png', 'c.png');
    for (const text of [
      'path,label,data set\na.png,x,train\nb.png,x,test\nc.png,y,train\n',
      'path,label,is_test\na.png,x,False\nb.png,x,True\nc.png,y,False\n',
      'TRAIN,a.png,x\nTEST,b.png,x\nTRAIN,c.png,y\n',
    ])
      expect(rows(await readText(text))).toEqual(['a.png x train', 'b.png x test', 'c.png y train']);
  });

  it('are warned of where their words are not known, and read where they are explained', async () => {
    await putAll('a.png', 'b.png');
    const text = 'path,label,fold\na.png,x,0\nb.png,y,1\n';
    const data = await readText(text);
    expect(data.notes?.warnings?.map(({ code }) => code)).toEqual(['split-values']);
    expect(rows(data)).toEqual(['a.png x', 'b.png y']);
    const explained = await readText(text, { 'split-column': 'fold', 'test-values': '1' });
    expect(rows(explained)).toEqual(['a.png x train', 'b.png y test']);
    await refusalOf(
      readText('path,label,split\na.png,x,outside\n'),
      'label-invalid',
      'line 2',
      '"outside"',
      'test-values=',
    );
  });
});

describe('several labels', () => {
  beforeEach(() => putAll('a.png', 'b.png', 'c.png'));

  it('are columns of ones and zeros', async () => {
    const text = 'filename, cat, dog\na.png,1,0\nb.png,1,1\nc.png,0,0\n';
    expect(rows(await readText(text))).toEqual(['a.png [cat]', 'b.png [cat dog]', 'c.png []']);
    const never = await readText('path,cat,dog,fox\na.png,1,0,0\nb.png,0,1,0\nc.png,0,1,0\n');
    expect(never.labels).toEqual(['cat', 'dog']);
    expect(never.notes?.warnings).toEqual([
      expect.objectContaining({
        code: 'labels-never-set',
        hint: expect.stringContaining('label-column=cat,dog') as string,
      }),
    ]);
    const chosen = await readText('path,cat,dog,fox\na.png,1,0,0\nb.png,0,1,0\nc.png,0,1,0\n', {
      'label-column': 'cat,dog',
    });
    expect(chosen.notes?.warnings).toEqual([]);
    const classes = await readText('path,cat,dog\na.png,1,0\nb.png,0,1\nc.png,0,1\n', { 'labels-per-picture': 'one' });
    expect(rows(classes)).toEqual(['a.png cat', 'b.png dog', 'c.png dog']);
    await refusalOf(readText(text, { 'labels-per-picture': 'one' }), 'label-invalid', 'line 3', 'cat, dog');
  });

  it('are lists, also in writing; lists of one each are single labels', async () => {
    expect(rows(await readText(`path;label\na.png;['cat', 'dog']\nb.png;[]\nc.png;["dog"]\n`))).toEqual([
      'a.png [cat dog]',
      'b.png []',
      'c.png [dog]',
    ]);
    const ones = '{"image":"a.png","label":["cat"]}\n{"image":"b.png","label":["dog"]}\n';
    expect(rows(await readText(ones))).toEqual(['a.png cat', 'b.png dog']);
    expect(rows(await readText(ones, { 'labels-per-picture': 'several' }))).toEqual(['a.png [cat]', 'b.png [dog]']);
  });

  it('are cells taken apart where that is asked for; cells that may be either are refused, or warned of', async () => {
    const tags = 'image_name,tags\na.png,cat clear\nb.png,dog clear\nc.png,clear\n';
    await refusalOf(readText(tags), 'label-invalid', '"cat clear"', 'label-separator=" "', 'labels-per-picture=one');
    expect(rows(await readText(tags, { 'label-separator': ' ' }))).toEqual([
      'a.png [cat clear]',
      'b.png [clear dog]',
      'c.png [clear]',
    ]);
    expect(rows(await readText(tags, { 'labels-per-picture': 'one' }))[0]).toBe('a.png cat clear');
    const bars = 'path,label\na.png,cat|dog\nb.png,dog\nc.png,cat\n';
    const data = await readText(bars);
    expect(data.notes?.warnings).toEqual([
      expect.objectContaining({
        code: 'labels-look-joined',
        hint: expect.stringContaining('label-separator="|"') as string,
      }),
    ]);
    expect(rows(await readText(bars, { 'label-separator': '|' }))[0]).toBe('a.png [cat dog]');
    // Names of classes may have blanks.
    const breeds = 'path,labels\na.png,golden retriever\nb.png,german shepherd\nc.png,poodle\n';
    expect((await readText(breeds)).labels).toEqual(['german shepherd', 'golden retriever', 'poodle']);
  });
});

describe('rows', () => {
  it('that list a picture again count once, and contradict one another where labels differ', async () => {
    await putAll('a.png', 'b.png');
    const data = await readText('path,label\na.png,cat\nb.png,dog\na.png,cat\n./a.png,cat\n');
    expect(rows(data)).toEqual(['a.png cat', 'b.png dog']);
    expect(data.notes?.passedOver).toEqual([expect.objectContaining({ count: 2 })]);
    const both = 'path,label\na.png,cat\na.png,dog\n';
    await refusalOf(readText(both), 'label-invalid', 'line 3', '"dog" here', '"cat" in line 2', 'labels-per-picture');
    expect(rows(await readText(both, { 'labels-per-picture': 'several' }))).toEqual(['a.png [cat dog]']);
  });

  it('without a label are samples where no labels are wanted', async () => {
    await putAll('a.png', 'b.png');
    const path = await put('list.csv', 'path,label\na.png,cat\nb.png,\n');
    const { unlabelled, samples } = await imageCsv.read(path, { ...asked({}, false), withoutLabels: true });
    expect(samples.map(({ sample: { id, label } }) => [id, label])).toEqual([
      ['a.png', 0],
      ['b.png', undefined],
    ]);
    expect(unlabelled).toEqual([]);
  });

  it('without a label are unlabelled, and those that cannot be read are refused or left out', async () => {
    await putAll('a.png', 'b.png');
    const { unlabelled, samples } = await readText('path,label\na.png,cat\nb.png,\n');
    expect(samples).toHaveLength(1);
    expect(unlabelled).toEqual([{ id: 'b.png', reason: 'the label is empty in line 3' }]);
    const bad = 'path,label\na.png,cat\na.png,cat,extra\n,dog\ngone.png,dog\nb.png,dog\n';
    await refusalOf(readText(bad), 'target-unreadable', 'list.csv, line 3', '3 cells');
    await refusalOf(readText('path,label\n,dog\na.png,cat\n'), 'label-invalid', 'line 2', 'path is empty');
    await refusalOf(readText('path,label\ngone.png,cat\n'), 'sample-unreadable', 'line 2', 'gone.png', 'root=');
    const skipping = await readText(bad, {}, true);
    expect(rows(skipping)).toEqual(['a.png cat', 'b.png dog']);
    expect(skipping.skipped.map(({ id }) => id)).toEqual(['list.csv:3', 'list.csv:4', 'gone.png']);
    await refusalOf(readText('path,label\n'), 'target-empty', 'list.csv');
    await refusalOf(read(join(root, 'missing.csv')), 'target-not-found', 'missing.csv');
  });
});

describe('pictures', () => {
  it('are found by what other programs and machines call them', async () => {
    await putAll('images/a.png', 'images/b.jpg', 'images/c.PNG');
    const written = [
      'images\\a.png',
      'C:\\Users\\me\\images\\a.png',
      '/somewhere/else/images/a.png',
      'a.png',
      'images/a.png?raw=true',
      'https://example.org/images/a.png',
      'gs://bucket/images/a.png',
      '/data/upload/1/0a1b2c3d-a.png',
      'a',
    ];
    for (const name of written) {
      const { samples } = await readText(`path,label\n${name},cat\nimages/c.png,dog\n`, { 'path-column': 'path' });
      expect(samples.map(({ sample: { image } }) => image.kind === 'file' && image.path)).toEqual([
        join(root, 'images/a.png'),
        join(root, 'images/c.PNG'),
      ]);
    }
    const ids = await put('ids.csv', 'id,breed\na,cat\nb,dog\nc,cat\n');
    expect(await imageCsv.detect(ids)).toBeGreaterThan(0.85);
    expect(rows(await read(ids))).toEqual(['a cat', 'b dog', 'c cat']);
  });

  it('are refused with what to do where they are elsewhere, addresses, or could be two', async () => {
    await putAll('list/here.png', 'far/away.png', 'far/two.png', 'far/two.jpg');
    const text = (name: string) => put('list/l.csv', `path,label\n${name},cat\n`);
    await refusalOf(read(await text('away.png')), 'sample-unreadable', 'no file away.png', 'root=');
    expect(rows(await read(await text('away.png'), { root: join(root, 'far') }))).toEqual(['away.png cat']);
    expect(rows(await read(await text('away.png'), { root: '../far' }))).toEqual(['away.png cat']);
    await refusalOf(read(await text('away.png'), { root: 'nowhere' }), 'invalid-option', 'root', 'nowhere');
    expect(rows(await read(await text('../far/away.png')))).toEqual(['../far/away.png cat']);
    await refusalOf(read(await text('https://example.org/x.png')), 'sample-unreadable', 'is an address', 'download');
    const options = { root: '../far', 'path-column': 'path' };
    await refusalOf(read(await text('two'), options), 'sample-unreadable', 'two.png', 'two.jpg', 'ending=');
    expect(rows(await read(await text('two'), { ...options, ending: 'jpg' }))).toEqual(['two cat']);
    await refusalOf(read(await text('away.bmp'), options), 'sample-unreadable', 'away.png', 'BMP', 'ending=.png');
    expect(rows(await read(await text('away.bmp'), { ...options, ending: '.png' }))).toEqual(['away.bmp cat']);
  });
});

it('refuses captions as classes, unless the column is named', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `${i}.png`);
  await putAll(...names);
  const list = `image,caption\n${names.map((name, i) => `${name},a dog on ${i} steps`).join('\n')}\n`;
  await expect(readText(list)).rejects.toMatchObject({
    code: 'label-invalid',
    message: expect.stringContaining('the column "caption" has 12 different values') as string,
  });
  expect((await readText(list, { 'label-column': 'caption' })).labels).toHaveLength(12);
});

describe('what pictures count', () => {
  const list = (...weights: readonly string[]) =>
    `path,label,importance\n${weights.map((weight, i) => `${i}.png,${i % 2 ? 'cat' : 'dog'},${weight}`).join('\n')}\n`;
  const weighed = { 'weight-column': 'importance' };

  it('stands in the column that the option names', async () => {
    await putAll('0.png', '1.png', '2.png');
    const { samples, labels, notes } = await readText(list('2', '0', '0.25'), weighed);
    expect(samples.map(({ sample }) => sample.weight)).toEqual([2, 0, 0.25]);
    expect(labels).toEqual(['cat', 'dog']);
    expect(notes?.table?.columns.map(({ role }) => role)).toEqual(['picture', 'label', 'weight']);
    const plain = await readText(list('2', '0', '0.25'), { 'label-column': 'label' });
    expect(plain.samples.every(({ sample }) => sample.weight === undefined)).toBe(true);
  });

  it('is refused with its row where it is no number of 0 or more, and where two rows say otherwise', async () => {
    await putAll('0.png', '1.png');
    for (const weight of ['-2', 'NaN', 'much', ''])
      await refusalOf(
        readText(list('1', weight), weighed),
        'label-invalid',
        'list.csv, line 3',
        'a number of 0 or more',
      );
    await refusalOf(
      readText(`${list('1', '1')}0.png,dog,3\n`, weighed),
      'label-invalid',
      'line 4',
      'the weight 3 here and 1',
    );
    await refusalOf(readText(list('1'), { 'weight-column': 'weight' }), 'invalid-option', 'weight', 'importance');
    await refusalOf(
      readText(list('1'), { 'weight-column': 'label', 'label-column': 'label' }),
      'invalid-option',
      'something else',
    );
  });
});
