import { describe, expect, it } from 'vitest';
import { cvatXml } from './cvat-xml.ts';
import { boxesOf, expectRefusal, trialFolder } from './trial-folder.test.support.ts';

const folder = trialFolder();
const cvat = (images: string) => `<?xml version="1.0"?><annotations><version>1.1</version>${images}</annotations>`;
const image = (name: string, shapes = '', more = 'width="100" height="80"') =>
  `<image id="0" name="${name}" ${more}>${shapes}</image>`;
const BOX = '<box label="cup" source="manual" occluded="1" xtl="10" ytl="20" xbr="40" ybr="60"/>';

describe('cvat-xml', () => {
  it('reads boxes by their corners, negatives, pictures in images/ and labels in code-point order', async () => {
    await folder.put('images/a.jpg');
    await folder.put('images/b.jpg');
    const file = await folder.put(
      'annotations.xml',
      cvat(image('a.jpg', `${BOX}<box label="Ant" xtl="0" ytl="0" xbr="5.5" ybr="2"/>`) + image('b.jpg')),
    );
    const data = await folder.read(cvatXml);
    expect(data.labels).toEqual(['Ant', 'cup']);
    expect(boxesOf(data)).toEqual([
      [
        'images/a.jpg',
        undefined,
        [
          ['cup', 10, 20, 30, 40],
          ['Ant', 0, 0, 5.5, 2],
        ],
      ],
      ['images/b.jpg', undefined, []],
    ]);
    expect(await cvatXml.detect(folder.root)).toBeGreaterThan(0.85);
    expect(boxesOf(await folder.read(cvatXml, {}, { path: file }))).toEqual(boxesOf(data));
  });

  it('takes the upright box around turned boxes, polygons, ellipses and masks, says so, and leaves them out on request', async () => {
    await folder.put('a.jpg');
    const turned = '<box label="cup" xtl="40" ytl="30" xbr="60" ybr="40" rotation="90"/>';
    const polygon = '<polygon label="cup" points="10,70;30,50.5;20,60"/>';
    const ellipse = '<ellipse label="cup" cx="50" cy="40" rx="20" ry="10" rotation="90"/>';
    const mask = '<mask label="cup" rle="3" left="5" top="6" width="7" height="8"/>';
    await folder.put('annotations.xml', cvat(image('a.jpg', BOX + turned + polygon + ellipse + mask)));
    const data = await folder.read(cvatXml);
    // The middle (50, 35) stays where it is, width and height change places.
    expect(boxesOf(data)).toEqual([
      [
        'a.jpg',
        undefined,
        [
          ['cup', 10, 20, 30, 40],
          ['cup', 45, 25, 10, 20],
          ['cup', 10, 50.5, 20, 19.5],
          ['cup', 40, 20, 20, 40],
          ['cup', 5, 6, 7, 8],
        ],
      ],
    ]);
    expect(data.notes?.warnings).toMatchObject([{ code: 'shapes-as-boxes', samples: ['a.jpg'] }]);
    expect(data.notes?.warnings?.[0]?.message).toBe(
      '1 turned box, 2 outlines, 1 mask are read as the upright box around each.',
    );
    const only = await folder.read(cvatXml, { shapes: 'boxes' });
    expect(boxesOf(only)).toEqual([['a.jpg', undefined, [['cup', 10, 20, 30, 40]]]]);
    expect(only.notes?.warnings).toEqual([]);
    expect(only.notes?.passedOver?.map(({ what, count }) => [what, count])).toEqual([
      ['turned boxes', 1],
      ['outlines', 2],
      ['masks', 1],
    ]);
    await expectRefusal(folder.read(cvatXml, { shapes: 'round' }), 'invalid-option', 'shapes=round');
  });

  it('a box turned by 30 degrees about its middle', async () => {
    await folder.put('a.jpg');
    const box = '<box label="cup" xtl="40" ytl="30" xbr="60" ybr="50" rotation="30"/>';
    await folder.put('annotations.xml', cvat(image('a.jpg', box)));
    // A square of side 20 has the extent 20 (cos 30° + sin 30°) = 27.3205 in both directions.
    expect(boxesOf(await folder.read(cvatXml))).toEqual([
      ['a.jpg', undefined, [['cup', 36.34, 26.34, 27.321, 27.321]]],
    ]);
  });

  it("takes a project's subsets, else folders of the pictures, for splits", async () => {
    for (const name of ['train/a.jpg', 'val/a.jpg']) await folder.put(name);
    const subset = (name: string) => `subset="${name}" width="100" height="80"`;
    await folder.put(
      'annotations.xml',
      cvat(image('train/a.jpg', BOX, subset('Train')) + image('val/a.jpg', BOX, subset('Validation'))),
    );
    const splits = async () => (await folder.read(cvatXml)).samples.map(({ sample: { id }, split }) => [id, split]);
    const expected = [
      ['train/a.jpg', 'train'],
      ['val/a.jpg', 'validation'],
    ];
    expect(await splits()).toEqual(expected);
    await folder.put('annotations.xml', cvat(image('train/a.jpg', BOX) + image('val/a.jpg', BOX)));
    expect(await splits()).toEqual(expected);
  });

  it('several jobs: a file each, the pictures found where they are unique; points and tags are said to be left aside', async () => {
    await folder.put('images/x/a.jpg');
    await folder.put('images/x/b.jpg');
    await folder.put(
      'job_1.xml',
      cvat(image('a.jpg', `${BOX}<points label="tip" points="1,2"/><tag label="blurred"/>`)),
    );
    await folder.put('job_2.xml', cvat(image('b.jpg', BOX)));
    const data = await folder.read(cvatXml);
    expect(data.samples.map(({ sample }) => sample.id)).toEqual(['images/x/a.jpg', 'images/x/b.jpg']);
    expect(data.notes?.passedOver?.map(({ what, count }) => [what, count])).toEqual([
      ['shapes of the kind "points", which have no box', 1],
      ['shapes of the kind "tag", which have no box', 1],
    ]);
  });

  it('refuses what it cannot read, with file and place', async () => {
    const read = async (content: string, skipBad = false) => {
      await folder.put('annotations.xml', content);
      return folder.read(cvatXml, {}, { path: `${folder.root}/annotations.xml`, skipBad });
    };
    await folder.put('a.jpg');
    await expectRefusal(read(cvat(image('b.jpg', BOX))), 'sample-unreadable', 'annotations.xml: image 0 (b.jpg)');
    await expectRefusal(read(cvat(image('a.jpg'))), 'target-empty');
    await expectRefusal(read(cvat('')), 'target-unreadable', 'lists no images');
    await expectRefusal(read(cvat('<image id="0"/>')), 'target-unreadable', 'image 1 has no name');
    await expectRefusal(read(cvat('<track id="0" label="x"/>')), 'target-unreadable', 'video');
    expect(await cvatXml.recognise!(folder.root)).toMatchObject({ layout: expect.stringContaining('video') as string });
    await read(cvat(`<meta><task><mode>annotation</mode></task></meta>${image('a.jpg', BOX)}`));
    expect(await cvatXml.detect(folder.root)).toBeGreaterThan(0.9);
    expect(await cvatXml.recognise!(folder.root)).toBeUndefined();
    await expectRefusal(read('<annotation/>'), 'target-unreadable', 'begins with <annotation>');
    await expectRefusal(read(cvat(image('a.jpg', BOX)).slice(0, -30)), 'target-unreadable', 'not well-formed');
    await expectRefusal(read(`<!DOCTYPE a [<!ENTITY e "eeee">]>${cvat('')}`), 'target-unreadable', 'entities');
    await expectRefusal(read('<annotations>'.repeat(100)), 'target-unreadable', 'nested');
    const many = Array.from({ length: 100 }, (_, i) => `a${i}="1"`).join(' ');
    await expectRefusal(read(`<annotations ${many}/>`), 'target-unreadable', 'attributes');
    for (const side of ['', 'NaN', '1e999', 'x'])
      await expectRefusal(
        read(cvat(image('a.jpg', BOX.replace('"40"', `"${side}"`)))),
        'sample-unreadable',
        'annotations.xml: image 0 (a.jpg), shape 1',
      );
    await expectRefusal(
      read(cvat(image('a.jpg', BOX.replace('/>', ' rotation="x"/>')))),
      'target-unreadable',
      'rotation',
    );
    await folder.put('b.jpg');
    const some = await read(cvat(image('a.jpg', BOX) + image('none.jpg', BOX) + image('b.jpg', BOX)), true);
    expect(some.samples.map(({ sample }) => sample.id)).toEqual(['a.jpg', 'b.jpg']);
    expect(some.skipped).toMatchObject([{ id: 'none.jpg' }]);
  });

  it('a box without a label makes its picture an unlabelled one', async () => {
    await folder.put('a.jpg');
    await folder.put('b.jpg');
    await folder.put('annotations.xml', cvat(image('a.jpg', BOX) + image('b.jpg', BOX.replace('"cup"', '" "'))));
    const data = await folder.read(cvatXml);
    expect(data.samples.map(({ sample }) => sample.id)).toEqual(['a.jpg']);
    expect(data.unlabelled).toMatchObject([{ id: 'b.jpg' }]);
    expect(data.unlabelled?.[0]?.reason).toContain('image 0 (b.jpg), shape 1 has no label');
  });
});
