import { refusalOf } from '@headstart/core/testing';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { read, Scratch, seen, warned } from './readers.test.support.ts';
import { yoloFolder } from './yolo-folder.ts';

let scratch: Scratch;
beforeEach(async () => void (scratch = await Scratch.make()));
afterEach(() => scratch.remove());

const ROW = '1 0.5 0.5 0.2 0.5\n';
const dog = ['dog', 40, 20, 20, 40];
const NAMES = 'names: [cup, dog]\n';

async function files(...paths: string[]): Promise<void> {
  for (const path of paths) await scratch.put(path, path.endsWith('.txt') ? ROW : undefined);
}

/** Reads a folder, of which the reader has to be sure. */
async function whole(options?: Record<string, string>, folder = '', skipBad?: boolean) {
  const path = join(scratch.root, folder);
  expect(await yoloFolder.detect(path)).toBeGreaterThanOrEqual(0.85);
  return read(yoloFolder, path, options, skipBad);
}
/** Each picture's id, split and number of dogs. */
const counted = (data: Awaited<ReturnType<typeof whole>>) =>
  seen(data).map(({ id, split, objects }) => {
    for (const object of objects) expect(object).toEqual(dog);
    return [id, split, objects.length];
  });

describe('label files', () => {
  it.each<[string, string, string]>([
    ['in labels/ for images/', 'images/train/a.jpg', 'labels/train/a.txt'],
    ['in capitals', 'Images/train/a.jpg', 'Labels/train/a.txt'],
    ['beside the picture', 'pictures/a.jpg', 'pictures/a.txt'],
    ['called a.jpg.txt', 'images/train/a.jpg', 'labels/train/a.jpg.txt'],
    ['in one folder for all', 'images/train/a.jpg', 'labels/a.txt'],
    ['in labels/ of their split', 'train/a.jpg', 'labels/train/a.txt'],
    ['in train_labels/', 'train_images/a.jpg', 'train_labels/a.txt'],
  ])('are found %s', async (_, picture, label) => {
    await scratch.put('data.yaml', `train: ${picture.split('/').slice(0, -1).join('/')}\n${NAMES}`);
    await files(picture, label);
    expect(counted(await whole())).toEqual([[picture, 'train', 1]]);
  });

  it('are looked for within the data set where a folder above it is called images', async () => {
    await scratch.put('images/set/data.yaml', `train: img\n${NAMES}`);
    await files('images/set/img/a.jpg', 'images/set/img/a.txt');
    expect(counted(await whole({}, 'images/set'))).toEqual([['img/a.jpg', 'train', 1]]);
  });

  it('that are missing are warned of, as are those without a picture; unannotated=leave-out leaves such pictures out', async () => {
    await scratch.put('data.yaml', `train: images\n${NAMES}`);
    await files('images/a.jpg', 'images/b.jpg', 'labels/a.txt', 'labels/c.txt', 'labels/classes.txt');
    const data = await whole();
    expect(counted(data)).toEqual([
      ['images/a.jpg', 'train', 1],
      ['images/b.jpg', 'train', 0],
    ]);
    expect(data.notes!.warnings!.map(({ code, message, samples }) => [code, message.split(' ')[0], samples])).toEqual([
      ['pictures-without-label-file', '1', ['images/b.jpg']],
      ['label-files-without-picture', '1', ['labels/c.txt']],
    ]);
    const without = await whole({ unannotated: 'leave-out' });
    expect(counted(without)).toEqual([['images/a.jpg', 'train', 1]]);
    expect(warned(without)).toEqual(['label-files-without-picture']);
  });

  it('that no picture to train on has are an error that says where they were looked for', async () => {
    await scratch.put('data.yaml', `train: images/train\nval: images/val\n${NAMES}`);
    await files('images/train/a.jpg', 'images/val/b.jpg', 'labels/val/b.txt', 'annotations/a.txt');
    await refusalOf(whole(), 'target-empty', '1 pictures to train on', 'labels/train/a.txt');
  });

  it('that could be of two pictures are refused', async () => {
    await scratch.put('data.yaml', `train: images/train\nval: images/val\n${NAMES}`);
    await files('images/train/a.jpg', 'images/val/a.jpg', 'labels/a.txt');
    await refusalOf(whole(), 'target-unreadable', 'labels/a.txt', 'images/train/a.jpg', 'images/val/a.jpg');
  });

  it('with a bad row have their picture left out with --skip-bad', async () => {
    await scratch.put('data.yaml', `train: images\n${NAMES}`);
    await files('images/a.jpg', 'images/b.jpg', 'labels/a.txt');
    await scratch.put('labels/b.txt', '1 0.5 0.5 0.2 0.5 0.87');
    await refusalOf(whole(), 'sample-unreadable', 'b.txt, line 1', 'a confidence or an angle');
    const data = await whole({}, '', true);
    expect(counted(data)).toEqual([['images/a.jpg', 'train', 1]]);
    expect(data.skipped).toEqual([{ id: 'images/b.jpg', reason: expect.stringContaining('line 1') as string }]);
  });
});

describe('places in data.yaml', () => {
  it.each(['images\\train', '/content/drive/set/images/train', 'C:\\set\\images\\train', '../images/train'])(
    'are found where they are written as %s',
    async (place) => {
      await scratch.put('set/data.yaml', `train: ${place}\n${NAMES}`);
      await files('set/images/train/a.jpg', 'set/labels/train/a.txt');
      expect(counted(await whole({}, 'set'))).toEqual([['images/train/a.jpg', 'train', 1]]);
    },
  );

  it('never are another set’s beside the folder', async () => {
    await scratch.put('set/data.yaml', `train: ../train/images\nval: ../valid/images\n${NAMES}`);
    await files('set/train/images/a.jpg', 'set/train/labels/a.txt', 'train/images/x.jpg', 'train/labels/x.txt');
    await files('valid/images/y.jpg', 'valid/labels/y.txt');
    await refusalOf(whole({}, 'set'), 'target-not-found', '../valid/images');
    await files('set/valid/images/b.jpg');
    expect(counted(await whole({}, 'set'))).toEqual([
      ['train/images/a.jpg', 'train', 1],
      ['valid/images/b.jpg', 'validation', 0],
    ]);
  });

  it('may be above the file where nothing within its folder is called so', async () => {
    await scratch.put('cfg/data.yaml', `train: ../images\n${NAMES}`);
    await files('images/a.jpg', 'labels/a.txt');
    expect(counted(await whole({}, 'cfg'))).toEqual([['../images/a.jpg', 'train', 1]]);
  });

  it('may be lists of another machine, of which missing pictures are left out with --skip-bad', async () => {
    await scratch.put('data.yaml', `path: .\ntrain: train.txt\n${NAMES}`);
    await scratch.put('train.txt', 'data/images/train/a.jpg\n/data/me/b.jpg\ngone.jpg\n');
    await files('images/train/a.jpg', 'images/train/b.jpg', 'labels/train/a.txt', 'labels/train/b.txt');
    await refusalOf(whole(), 'sample-unreadable', 'train.txt, line 3', 'gone.jpg');
    expect(counted(await whole({}, '', true))).toEqual([
      ['images/train/a.jpg', 'train', 1],
      ['images/train/b.jpg', 'train', 1],
    ]);
  });

  it('may be the same for two splits, with a warning', async () => {
    await scratch.put('data.yaml', `train: images\nval: images\n${NAMES}`);
    await files('images/a.jpg', 'labels/a.txt');
    const data = await whole();
    expect(counted(data)).toEqual([
      ['images/a.jpg', 'train', 1],
      ['images/a.jpg', 'validation', 1],
    ]);
    expect(warned(data)).toEqual(['same-pictures-in-splits']);
  });

  it('without a picture that can be read name the files’ endings', async () => {
    await scratch.put('data.yaml', `train: images\n${NAMES}`);
    await scratch.put('images/a.xyz', 'x');
    await refusalOf(read(yoloFolder, scratch.root), 'target-empty', 'images', '.xyz');
  });

  it('stand in the one YAML file that describes a set; two are refused', async () => {
    await scratch.put('dataset.yaml', `val: images\nnc: "2"\n${NAMES}`);
    await scratch.put('hyp.yaml', 'lr0: 0.01\n');
    await files('images/a.jpg', 'labels/a.txt');
    expect(counted(await whole())).toEqual([['images/a.jpg', 'validation', 1]]);
    await scratch.put('other.yaml', `train: images\n${NAMES}`);
    await refusalOf(whole(), 'target-unreadable', 'dataset.yaml, other.yaml');
  });

  it('come with names that are a list', async () => {
    await scratch.put('data.yaml', 'train: images\nnames: "cup, dog"\n');
    await refusalOf(whole(), 'label-invalid', '"cup, dog"');
  });
});

describe('rows with keypoints', () => {
  const pose = '1 0.5 0.5 0.2 0.5 0.01 0.01 0.99 0.99\n';
  it('are boxes by kpt_shape, or by the option keypoints', async () => {
    await scratch.put('data.yaml', `train: images\nkpt_shape: [2, 2]\n${NAMES}`);
    await files('images/a.jpg');
    await scratch.put('labels/a.txt', pose + ROW);
    expect(counted(await whole())).toEqual([['images/a.jpg', 'train', 2]]);
    await scratch.put('labels/a.txt', '1 0.1 0.1 0.3 0.5 0.2 0.6\n');
    await refusalOf(whole(), 'sample-unreadable', 'the 4 of its keypoints');
    await scratch.put('data.yaml', `train: images\n${NAMES}`);
    await scratch.put('labels/a.txt', '1 0.5 0.5 0.2 0.5 0.5 0.5 2\n');
    await refusalOf(whole(), 'sample-unreadable', 'kpt_shape');
    expect(counted(await whole({ keypoints: '1x3' }))).toEqual([['images/a.jpg', 'train', 1]]);
    await refusalOf(whole({ keypoints: '17' }), 'invalid-option', 'keypoints=17x3');
  });
});

describe('sets without data.yaml', () => {
  it('of Darknet and CVAT are read by obj.data', async () => {
    await scratch.put('obj.data', 'classes = 2\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n');
    await scratch.put('obj.names', 'cup\ndog\n');
    await scratch.put('train.txt', 'data/obj_train_data/a.jpg\n');
    await files('obj_train_data/a.jpg', 'obj_train_data/a.txt');
    const data = await whole();
    expect(data.labels).toEqual(['cup', 'dog']);
    expect(counted(data)).toEqual([['obj_train_data/a.jpg', 'train', 1]]);
    await scratch.put('obj.names', 'cup\n');
    await refusalOf(whole(), 'label-invalid', 'classes = 2', 'names 1');
  });

  it.each<[string, string, string, string, string | undefined]>([
    ['labelImg', 'a.jpg', 'a.txt', 'classes.txt', undefined],
    ['Label Studio', 'images/a.jpg', 'labels/a.txt', 'classes.txt', undefined],
    ['Ultralytics', 'images/val/a.jpg', 'labels/val/a.txt', 'labels/classes.txt', 'validation'],
    ['Roboflow', 'test/images/a.jpg', 'test/labels/a.txt', 'obj.names', 'test'],
    ['two folders per split', 'train_images/a.jpg', 'train_labels/a.txt', 'classes.txt', 'train'],
  ])('as of %s are read by their class names', async (_, picture, label, names, split) => {
    await files(picture, label);
    await scratch.put(names, 'cup\ndog\n\n');
    expect(counted(await whole())).toEqual([[picture, split, 1]]);
  });

  it('leave pictures of other folders aside, and say so', async () => {
    await files('train/images/a.jpg', 'train/labels/a.txt', 'train/other/b.jpg');
    await scratch.put('classes.txt', 'cup\ndog\n');
    const data = await whole();
    expect(counted(data)).toEqual([['train/images/a.jpg', 'train', 1]]);
    expect(data.notes!.passedOver).toMatchObject([{ count: 1, examples: ['train/other/b.jpg'] }]);
  });

  it('and without class names are refused, and read with the option names', async () => {
    await files('images/train/a.jpg', 'labels/train/a.txt');
    await refusalOf(whole(), 'label-invalid', 'classes 1', 'data.yaml', 'names=');
    const data = await whole({ names: 'cup,dog' });
    expect(data.labels).toEqual(['cup', 'dog']);
    expect(counted(data)).toEqual([['images/train/a.jpg', 'train', 1]]);
    await refusalOf(whole({ names: 'cup' }), 'label-invalid', 'class 1', 'option names');
    await refusalOf(whole({ names: 'cup,cup' }), 'invalid-option', 'names=cup,cup');
  });

  it('whose folders name splits only partly are refused', async () => {
    await files('images/train/a.jpg', 'labels/train/a.txt', 'images/more/b.jpg', 'labels/more/b.txt');
    await scratch.put('classes.txt', 'cup\ndog\n');
    await refusalOf(whole(), 'target-unreadable', 'images/train', 'images/more');
  });

  it('are not what captions or pictures alone are', async () => {
    await files('a/1.jpg');
    await scratch.put('a/1.txt', 'a photo of 3 cups');
    await mkdir(join(scratch.root, 'labels'));
    expect(await yoloFolder.detect(scratch.root)).toBe(0);
    await rm(join(scratch.root, 'a/1.txt'));
    expect(await yoloFolder.detect(scratch.root)).toBe(0);
    await refusalOf(read(yoloFolder, scratch.root), 'target-unreadable', 'no data.yaml');
  });
});
