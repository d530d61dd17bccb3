import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createHeadstart, type Plugin } from '@headstart/core';
import { plainBackend } from '@headstart/core/testing';
import { cocoJson, pascalVoc, yoloFolder } from '@headstart/detection';
import nlp from '@headstart/nlp';
import vision from '@headstart/vision';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Boxes in the three layouts, each with pictures in folders whose names another reader takes for classes. */
const layouts = {
  'COCO, the pictures by split': {
    reader: cocoJson,
    files: {
      'annotations/instances_train2017.json': JSON.stringify({
        images: [{ id: 1, file_name: '0.png', width: 8, height: 8 }],
        annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [0, 0, 4, 4] }],
        categories: [{ id: 1, name: 'ball' }],
      }),
    },
    pictures: ['train2017', 'val2017'],
  },
  YOLO: {
    reader: yoloFolder,
    files: {
      'data.yaml': 'train: images/train\nval: images/val\nnames: [ball]\n',
      'labels/train/0.txt': '0 .5 .5 .5 .5',
    },
    pictures: ['images/train', 'images/val'],
  },
  'Pascal VOC': {
    reader: pascalVoc,
    files: { 'Annotations/0.xml': '<annotation><filename>0.png</filename></annotation>' },
    pictures: ['JPEGImages', 'SegmentationClass'],
  },
} as const;

describe.each(Object.entries(layouts))('%s without the package of detection', (_, { reader, files, pictures }) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headstart-boxes-'));
    for (const [name, text] of Object.entries(files)) await put(name, text);
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    for (const name of pictures) for (let i = 0; i < 10; i++) await put(`${name}/${i}.png`, png);
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function put(name: string, content: string | Buffer) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }

  async function plan(plugins: Plugin[]) {
    const headstart = await createHeadstart({ backend: await plainBackend(), plugins });
    try {
      return await headstart.plan({ target: folder });
    } finally {
      await headstart.close();
    }
  }

  it('is what its own reader is sure of', async () => {
    expect(await reader.detect(folder)).toBeGreaterThanOrEqual(0.85);
  });

  it.each([
    ['pictures', [vision()]],
    ['texts', [nlp()]],
    ['both', [vision(), nlp()]],
  ])('is not read as something else, where there are plugins of %s: the package is named', async (_, plugins) => {
    await expect(plan(plugins)).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining('which @headstart/detection reads') as string,
      install: '@headstart/detection',
    });
  });
});

it('a folder of classes with a note in JSON is one all the same, and a reader that is named is used', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headstart-classes-'));
  const headstart = await createHeadstart({ backend: await plainBackend(), plugins: [vision()] });
  try {
    for (const name of ['cat', 'dog']) {
      await mkdir(join(folder, name));
      for (let i = 0; i < 10; i++)
        await sharp({
          create: { width: 8, height: 8, channels: 3, background: name === 'cat' ? 'red' : 'blue' },
        }).toFile(join(folder, name, `${i}.png`));
    }
    const request = { target: folder, source: 'small-cnn:8x8x3', strategy: 'from-scratch' };
    await writeFile(join(folder, 'about.json'), '{ "categories": ["cat", "dog"] }');
    expect((await headstart.plan(request)).labels).toEqual(['cat', 'dog']);
    await writeFile(join(folder, 'boxes.json'), '{ "images": [{ "id": 1 }], "annotations": [] }');
    await expect(headstart.plan(request)).rejects.toThrow('boxes.json');
    expect((await headstart.plan({ ...request, reader: 'image-folder' })).labels).toEqual(['cat', 'dog']);
  } finally {
    await headstart.close();
    await rm(folder, { recursive: true });
  }
});
