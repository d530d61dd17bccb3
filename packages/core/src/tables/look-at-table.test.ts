import { describe, expect, it } from 'vitest';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lookAtTable } from './look-at-table.ts';
import { tableFolder } from './table-folder.test.support.ts';

const { put, folder } = tableFolder();

const look = async (content: string | Uint8Array, name = 't.csv') => lookAtTable(await put(content, name));
const table = (header: string, ...rows: readonly string[]) => `${[header, ...rows].join('\n')}\n`;
const twenty = (row: (i: number) => string) => Array.from({ length: 20 }, (_, i) => row(i));

describe('lookAtTable', () => {
  it.each([
    ['file names', table('path,label', ...twenty((i) => `img/${i}.png,${i % 2}`))],
    [
      'file names with other endings',
      table('path,label', ...twenty((i) => `${i}.${['bmp', 'ppm', 'dcm', 'HEIC'][i % 4]},x`)),
    ],
    ['names with query strings', table('path;label', ...twenty((i) => `${i}.png?raw=true;x`))],
    ['addresses', table('url,label', ...twenty((i) => `https://example.org/${i}.jpg,x`))],
    ['names with blanks', table('a,b', ...twenty((i) => `My photo ${i}.jpg,x`))],
    ['names below no header', table('a/0.png,x', ...twenty((i) => `a/${i}.png,x`))],
    [
      'names beside captions of several lines',
      table('path,label,caption', ...twenty((i) => `${i}.png,x,"a cat\non a mat, asleep"`)),
    ],
    ['a list of names', table('a/0.png 0', ...twenty((i) => `a/${i}.png 1`))],
  ])('sees pictures: %s', async (_what, content) => {
    expect((await look(content)).about).toBe('pictures');
  });

  it('sees pictures in JSON lines, and by the files beside the table', async () => {
    expect((await look(twenty((i) => `{"file_name":"${i}.png","label":"x"}`).join('\n'), 'm.jsonl')).about).toBe(
      'pictures',
    );
    const ids = table('id,breed', ...twenty((i) => `dog${i},${i % 2 ? 'pug' : 'corgi'}`));
    expect((await look(ids, 'before.csv')).about).toBe('unknown');
    await mkdir(join(folder(), 'train'));
    for (let i = 0; i < 20; i++) await writeFile(join(folder(), 'train', `dog${i}.jpg`), '');
    const found = await look(ids, 'after.csv');
    expect(found.about).toBe('pictures');
    expect(found.columns).toEqual([
      { name: 'id', kind: 'picture' },
      { name: 'breed', kind: 'category', role: 'label' },
    ]);
  });

  it('sees pictures beside captions, where these are files or have a usual name', async () => {
    const captions = (name: string, path: string) =>
      table(`${name},text,label`, ...twenty((i) => `${path}${i}.png,a few words ${i},${i % 2}`));
    for (const content of [captions('photo1', ''), captions('image', 'https://x.org/')])
      expect((await look(content)).about).toBe('pictures');
  });

  it.each([
    [
      'texts that mention pictures',
      table('text,label', ...twenty((i) => `"ticket ${i}, see screenshot${i}.png",${i % 2}`)),
    ],
    [
      'a text that ends in one',
      table('a ticket see a.jpg,bug', ...twenty((i) => `it does not work for ${i} people,${i % 2 ? 'bug' : 'idea'}`)),
    ],
    [
      'texts without usual names',
      table('said,verdict', ...twenty((i) => `what number ${i} said,${i % 2 ? 'up' : 'down'}`)),
    ],
    [
      'texts with pictures of who wrote them',
      table('who,content,score', ...twenty((i) => `https://x.org/${i}.jpg,what number ${i} said,${i % 5}`)),
    ],
    [
      'texts without blanks',
      table('文,类', ...twenty((i) => `${'今天天气很好啊'.repeat(2)}${i},${i % 2 ? '好' : '坏'}`)),
    ],
  ])('sees texts: %s', async (_what, content) => {
    expect((await look(content)).about).toBe('texts');
  });

  it.each([
    ['sides', table('filename,class,xmin,ymin,xmax,ymax', ...twenty((i) => `${i}.png,x,1,2,3,4`))],
    ['a corner and a size', table('image,x,y,w,h,label', ...twenty((i) => `${i}.png,1,2,3,4,x`))],
    ['ids', table('ImageID,LabelName,XMin,XMax,YMin,YMax', ...twenty((i) => `cat${i},x,0.1,0.2,0.3,0.4`))],
    ['a list', table('image,bbox,label', ...twenty((i) => `${i}.png,"[1, 2, 3, 4]",x`))],
    ['no names', table('0.png,1,2,3,4,x', ...twenty((i) => `${i}.png,5,5,30,30,x`))],
  ])('sees boxes: %s', async (_what, content) => {
    expect((await look(content)).about).toBe('boxes');
  });

  it('tells what columns hold', async () => {
    const rows = twenty(
      (i) =>
        `${i},u${i},a few words ${i},${i % 2 ? 'good' : 'bad'},${i % 2 ? 'train' : 'test'},"[""a"", ""b""]",https://example.org/${i}`,
    );
    const { columns } = await look(table('n,user,words,verdict,set,tags,link', ...rows));
    expect(columns.map(({ name, kind, role }) => [name, kind, role])).toEqual([
      ['n', 'number', undefined],
      ['user', 'id', undefined],
      ['words', 'text', undefined],
      ['verdict', 'category', undefined],
      ['set', 'split', 'split'],
      ['tags', 'list', 'label'],
      ['link', 'url', undefined],
    ]);
  });

  it('looks again at a file that has changed', async () => {
    const path = await put(table('path,label', 'a.png,x', 'b.png,y'), 'changed.csv');
    expect((await lookAtTable(path)).about).toBe('pictures');
    await writeFile(path, table('text,label', 'a longer text,x', 'another one is here,y'));
    expect((await lookAtTable(path)).about).toBe('texts');
  });
});
