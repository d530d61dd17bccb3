import { refusalOf } from '@headstart/core/testing';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pascalVoc } from './pascal-voc.ts';
import { read, Scratch, seen } from './readers.test.support.ts';

let scratch: Scratch;
beforeEach(async () => void (scratch = await Scratch.make()));
afterEach(() => scratch.remove());

const shape = '<bndbox><xmin>11</xmin><ymin>21</ymin><xmax>40</xmax><ymax>60</ymax></bndbox>';
const xml = (filename?: string, object = shape) =>
  `<annotation>${filename === undefined ? '' : `<filename>${filename}</filename>`}<object><name>cup</name>${object}</object></annotation>`;
const cup = ['cup', 10, 20, 30, 40];

/** Reads a folder, of which the reader has to be sure. */
async function whole(folder = '', skipBad = false) {
  const path = join(scratch.root, folder);
  expect(await pascalVoc.detect(path)).toBeGreaterThanOrEqual(0.85);
  return read(pascalVoc, path, {}, skipBad);
}

describe('folders of Pascal VOC files', () => {
  it.each<[string, string, string, string | undefined]>([
    ['in lower case', 'images/a.jpg', 'annotations/a.xml', undefined],
    ['called annots', 'images/a.jpg', 'annots/a.xml', undefined],
    ['in annotations/xmls', 'images/a.jpg', 'annotations/xmls/a.xml', undefined],
    ['in folders of splits', 'train/images/a.jpg', 'train/annotations/a.xml', 'train'],
    ['called for splits', 'test_images/a.jpg', 'test_annotations/a.xml', 'test'],
    ['of a year in VOCdevkit', 'VOC2007/JPEGImages/a.jpg', 'VOC2007/Annotations/a.xml', undefined],
    ['with a picture of another ending', 'JPEGImages/a.png', 'Annotations/a.xml', undefined],
  ])('%s are read', async (_, picture, file, split) => {
    await scratch.put(picture);
    await scratch.put(file, xml('a.jpg'));
    expect(seen(await whole())).toEqual([{ id: picture, split, objects: [cup] }]);
  });

  it('keep to their splits: a picture of the same name in another split is not theirs', async () => {
    await scratch.put('train_images/b.jpg');
    await scratch.put('test_images/a.jpg');
    await scratch.put('train_annotations/a.xml', xml('a.jpg'));
    await refusalOf(whole(), 'sample-unreadable', 'a.xml has no picture', 'train_images');
  });

  it('of several years are refused with their names', async () => {
    for (const year of ['VOC2007', 'VOC2012']) {
      await scratch.put(`${year}/JPEGImages/a.jpg`);
      await scratch.put(`${year}/Annotations/a.xml`, xml('a.jpg'));
    }
    await refusalOf(whole(), 'target-unreadable', 'VOC2007, VOC2012');
    expect((await whole('VOC2012')).samples).toHaveLength(1);
  });

  it('have splits by lists with endings, and with other words for splits', async () => {
    for (const name of ['a', 'b', 'c']) {
      await scratch.put(`JPEGImages/${name}.jpg`);
      await scratch.put(`Annotations/${name}.xml`, xml(`${name}.jpg`));
    }
    await scratch.put('ImageSets/Main/train.txt', 'a.jpg\n');
    await scratch.put('ImageSets/Main/dev.txt', 'JPEGImages/b.jpg\n');
    await scratch.put('ImageSets/Main/cup_train.txt', 'c 1\n');
    expect(seen(await whole()).map(({ id, split }) => [id, split])).toEqual([
      ['JPEGImages/a.jpg', 'train'],
      ['JPEGImages/b.jpg', 'validation'],
    ]);
    await rm(join(scratch.root, 'ImageSets/Main/dev.txt'));
    await scratch.put('ImageSets/Main/train.txt', 'x\ny\n');
    await refusalOf(whole(), 'target-unreadable', 'ImageSets/Main', '2 pictures (x, y)');
  });

  it('without a picture, or broken, are left out with --skip-bad; pictures without one are counted', async () => {
    await scratch.put('JPEGImages/a.jpg');
    await scratch.put('JPEGImages/d.jpg');
    await scratch.put('Annotations/a.xml', xml('a.jpg'));
    await scratch.put('Annotations/b.xml', xml('b.jpg'));
    await refusalOf(whole(), 'sample-unreadable', 'b.xml has no picture', 'b.jpg', '--skip-bad');
    await scratch.put('Annotations/c.xml', '<annotation>');
    const data = await whole('', true);
    expect(seen(data).map(({ id }) => id)).toEqual(['JPEGImages/a.jpg']);
    expect(data.skipped.map(({ id }) => id)).toEqual(['Annotations/c.xml', 'Annotations/b.xml']);
    expect(data.notes!.passedOver).toEqual([
      { what: 'pictures without an annotation file', count: 1, examples: ['JPEGImages/d.jpg'] },
    ]);
  });
});

describe('objects of Pascal VOC files', () => {
  it.each([
    ['an outline', '<polygon><x1>11</x1><y1>21</y1><x2>40</x2><y2>30</y2><x3>20</x3><y3>60</y3></polygon>', cup],
    // Turned by a quarter: 20 x 30 becomes 30 x 20 around (50, 40).
    [
      'a turned box',
      `<robndbox><cx>50</cx><cy>40</cy><w>20</w><h>30</h><angle>${Math.PI / 2}</angle></robndbox>`,
      ['cup', 35, 30, 30, 20],
    ],
  ])('with %s have the box around them, and that is said', async (_, object, expected) => {
    await scratch.put('a.jpg');
    await scratch.put('a.xml', xml('a.jpg', object));
    const data = await whole();
    expect(seen(data)[0]!.objects).toEqual([expected]);
    expect(data.notes!.passedOver).toMatchObject([{ count: 1, examples: ['a.xml'] }]);
  });

  it('with a box and an outline have the box', async () => {
    await scratch.put('a.jpg');
    await scratch.put('a.xml', xml('a.jpg', `<polygon><x1>1</x1><y1>1</y1></polygon>${shape}`));
    expect(seen(await whole())[0]!.objects).toEqual([cup]);
  });

  it('are none in other XML', async () => {
    await scratch.put('images/a.jpg');
    await scratch.put('annotations.xml', '<annotations><image name="a.jpg"/></annotations>');
    expect(await pascalVoc.detect(scratch.root)).toBe(0);
  });
});
