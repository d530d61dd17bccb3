import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClassFolderKind } from './class-folder-kind.ts';
import { detectClassFolders, listClassFolders } from './class-folders.ts';
import { isLeftover } from './side-files.ts';

const pictures: ClassFolderKind = {
  one: 'picture',
  many: 'pictures',
  names: (name) => /\.(png|jpg)$/i.test(name),
  passOver: (name) => isLeftover(name) || /\.(txt|md|json)$/i.test(name),
  annotations: (names) => (names.includes('images') ? names.filter((name) => name === 'masks') : []),
};

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-folders-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

/** Makes files; a path that ends in a slash is a folder. */
async function put(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(root, path.endsWith('/') ? path : dirname(path)), { recursive: true });
    if (!path.endsWith('/')) await writeFile(join(root, path), 'x');
  }
}

const read = (options: Record<string, string> = {}) => listClassFolders(root, pictures, options);

/** Files by class and split: `cat@train 2`. */
async function counts(options: Record<string, string> = {}): Promise<string[]> {
  const { labels, files } = await read(options);
  const found = new Map<string, number>();
  for (const { label, split } of files) {
    const key = split ? `${labels[label]!}@${split}` : labels[label]!;
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return [...found].map(([key, count]) => `${key} ${count}`).sort();
}

const codes = async (options: Record<string, string> = {}) =>
  (await read(options)).notes.warnings!.map(({ code }) => code);

describe('splits', () => {
  it.each([
    ['Training', 'Testing', 'test'],
    ['training_set', 'test_set', 'test'],
    ['train', 'dev', 'validation'],
    ['train', 'eval', 'validation'],
    ['train2017', 'val2017', 'validation'],
    ['seg_train', 'seg_test', 'test'],
    ['TRAIN', 'HoldOut', 'test'],
    ['news-bydate-train', 'news-bydate-test', 'test'],
    ['train_images', 'test_images', 'test'],
    ['fruits_Training', 'fruits_Validation', 'validation'],
  ])('are folders called %s and %s', async (train, other, split) => {
    await put(`${train}/cat/1.png`, `${train}/dog/1.png`, `${other}/cat/2.png`);
    expect(await counts()).toEqual([`cat@${split} 1`, 'cat@train 1', 'dog@train 1'].sort());
  });

  it('have their classes in a folder that is named for none, or as the split is', async () => {
    await put('Final_Training/Images/stop/1.png', 'Final_Training/Images/yield/1.png', 'Final_Test/Images/1.png');
    expect(await counts()).toEqual(['stop 1', 'yield 1']);
    expect(await codes()).toEqual(['unlabelled-test']);
    await rm(root, { recursive: true });
    await put('set_train/set_train/a/1.png', 'set_train/set_train/b/1.png', 'set_test/set_test/a_test.png');
    expect(await counts()).toEqual(['a 1', 'b 1']);
  });

  it('are refused where a validation split has its pictures in a folder that is named for none', async () => {
    await put('train/n01/images/1.png', 'train/n02/images/1.png', 'val/images/1.png');
    await expect(read()).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining(
        'val (1 picture) is named for a split and has no class folders inside',
      ) as string,
    });
  });

  it('are none where folders of pictures end in such words', async () => {
    await put('crash-test/1.png', 'crash-train/1.png');
    expect(await counts()).toEqual(['crash-test 1', 'crash-train 1']);
  });

  it('stay splits where folders without a picture and what tools leave lie beside them', async () => {
    await put('train/cat/1.png', 'train/dog/1.png', 'val/cat/2.png', 'docs/how.md', 'empty/', '__MACOSX/train/x.png');
    await put('@eaDir/a.png', '$RECYCLE.BIN/b.png', 'lost+found/c.png', '.hidden/d.png', 'node_modules/e.png');
    await mkdir(join(root, 'runs', 'first'), { recursive: true });
    await writeFile(join(root, 'runs', 'first', 'run.json'), '{ "format": "headstart-run" }');
    await put('runs/first/page.png');
    expect(await counts()).toEqual(['cat@train 1', 'cat@validation 1', 'dog@train 1']);
    const { passedOver, warnings } = (await read()).notes;
    expect(warnings).toEqual([]);
    expect(Object.fromEntries(passedOver!.map(({ what, examples }) => [what, examples]))).toEqual({
      'hidden files, notices and what file managers and tools leave': [
        '$RECYCLE.BIN',
        '.hidden',
        '@eaDir',
        '__MACOSX',
        'lost+found',
      ],
      'notes and tables': ['docs/how.md'],
      'runs and models of Headstart': ['runs/first'],
      'folders without pictures': ['docs', 'empty'],
    });
  });

  it('are refused where names are only partly splits, unless the rest is left aside or all are classes', async () => {
    await put('train/cat/1.png', 'train/dog/1.png', 'val/cat/2.png', 'samples/a.png', 'samples/b.png');
    await expect(read()).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining(
        'train and val are named for splits, and beside them lies samples (2 pictures)',
      ) as string,
      hint: expect.stringContaining('ignore=samples') as string,
    });
    expect(await counts({ ignore: 'samples' })).toEqual(['cat@train 1', 'cat@validation 1', 'dog@train 1']);
    expect(await counts({ splits: 'no' })).toEqual(['samples 2', 'train 2', 'val 1']);
  });

  it('are refused beside a copy of themselves, beside ground truth, and beside loose pictures', async () => {
    await put('train/cat/1.png', 'chest/train/cat/1.png');
    await expect(read()).rejects.toThrow(/chest \(1 picture\)/);
    await rm(join(root, 'chest'), { recursive: true });
    await put('test/cat/1.png', 'test/bad/2.png', 'ground_truth/bad/2.png');
    await expect(read()).rejects.toThrow(/test and train are named for splits.*ground_truth/);
    await rm(join(root, 'ground_truth'), { recursive: true });
    await put('loose.png');
    await expect(read()).rejects.toThrow(/loose.png lies beside the class folders/);
  });

  it('are none where a train lies beside a bus', async () => {
    await put('train/1.png', 'bus/1.png');
    expect(await counts()).toEqual(['bus 1', 'train 1']);
    await put('train/steam/1.png', 'bus/red/1.png');
    await rm(join(root, 'train', '1.png'));
    await rm(join(root, 'bus', '1.png'));
    expect(await counts()).toEqual(['bus 1', 'train 1']);
  });

  it('are none where a valid lies beside an invalid', async () => {
    await put('valid/1.png', 'invalid/1.png');
    expect(await counts()).toEqual(['invalid 1', 'valid 1']);
  });

  it('with pictures directly inside are refused by name', async () => {
    await put('train/1.png', 'test/2.png');
    await expect(read()).rejects.toThrow(
      /test \(1 picture\), train \(1 picture\) are named for splits and have no class/,
    );
    expect(await counts({ splits: 'no' })).toEqual(['test 1', 'train 1']);
    await put('train/cat/1.png');
    await expect(read()).rejects.toThrow(/train\/1.png lies beside the class folders/);
  });

  it('without classes to test on leave the test aside and say so', async () => {
    for (const place of ['test', 'test/test', 'test/unknown']) {
      await rm(join(root, 'test'), { recursive: true, force: true });
      await put('train/cat/1.png', 'train/dog/1.png', `${place}/1.png`, `${place}/2.png`);
      expect(await counts()).toEqual(['cat 1', 'dog 1']);
      const { warnings, passedOver } = (await read()).notes;
      expect(warnings).toMatchObject([{ code: 'unlabelled-test', samples: [place] }]);
      expect(passedOver).toEqual([{ what: 'pictures without a class', count: 2, examples: [place] }]);
      expect(await counts({ ignore: 'test' })).toEqual(['cat@train 1', 'dog@train 1']);
      expect(await codes({ ignore: 'test' })).toEqual([]);
    }
    await put('val/cat/3.png');
    expect(await counts()).toEqual(['cat@train 1', 'cat@validation 1', 'dog@train 1']);
    await put('test/fox/1.png');
    await rm(join(root, 'test', 'unknown'), { recursive: true });
    expect(await counts()).toContain('fox@test 1');
  });

  it('may lie inside the class folders, of which all must have them', async () => {
    await put('cat/train/1.png', 'cat/test/2.png', 'dog/train/1.png', 'dog/test/2.png', 'fox/');
    expect(await counts()).toEqual(['cat@test 1', 'cat@train 1', 'dog@test 1', 'dog@train 1']);
    const { remarks, warnings } = (await read()).notes;
    expect(remarks).toEqual(['The splits are inside the class folders, as in cat/test.']);
    expect(warnings).toMatchObject([{ code: 'empty-class-folder', samples: ['fox'] }]);
    await put('fox/1.png');
    await expect(read()).rejects.toThrow(
      /cat\/test and cat\/train are named for splits, and beside them lies fox \(1 /,
    );
    expect(await counts({ ignore: 'fox' })).toHaveLength(4);
    await put('dog/truth/1.png');
    await expect(read({ ignore: 'fox' })).rejects.toThrow(/lies dog\/truth \(1 /);
  });

  it('named for samples without a class are left aside beside two classes, and said', async () => {
    await put('cat/1.png', 'dog/1.png', 'unlabeled/1.png', 'unlabeled/2.png');
    const { labels, files, notes } = await read();
    expect(labels).toEqual(['cat', 'dog']);
    expect(files.map(({ id, label }) => [id, label])).toEqual([
      ['cat/1.png', 0],
      ['dog/1.png', 1],
    ]);
    expect(notes.warnings).toMatchObject([
      { code: 'unlabelled-folder', samples: ['unlabeled/1.png', 'unlabeled/2.png'] },
    ]);
    await rm(root, { recursive: true });
    await put('labelled/1.png', 'unlabelled/1.png');
    expect((await read()).labels).toEqual(['labelled', 'unlabelled']);
  });

  it('that write a class with different code points have one class, and say so', async () => {
    await put('train/caf\u00e9/1.png', 'test/cafe\u0301/2.png', 'train/tea/1.png');
    expect(await counts()).toEqual(['caf\u00e9@test 1', 'caf\u00e9@train 1', 'tea@train 1']);
    expect((await read()).notes.remarks).toEqual([expect.stringMatching(/"café".*U\+0065 U\+0301; .*U\+00E9/)]);
    await put('train/cafe\u0301/3.png');
    expect((await read()).labels).toHaveLength(3);
  });
});

describe('folders within a folder', () => {
  it('are gone into where one alone has pictures, which is said', async () => {
    await put('photos/set/cat/1.png', 'photos/set/dog/1.png', 'docs/a.md', '__MACOSX/photos/x.png');
    const { labels, files, notes } = await read();
    expect([labels, files.map(({ id }) => id)]).toEqual([
      ['cat', 'dog'],
      ['photos/set/cat/1.png', 'photos/set/dog/1.png'],
    ]);
    expect(notes.remarks).toEqual([
      'The data are in photos, the only folder with pictures.',
      'The data are in photos/set, the only folder with pictures.',
    ]);
  });

  it('are gone into down to the splits, and in splits to a folder of the same split', async () => {
    await put('dataset/train/train/cat/1.png', 'dataset/train/train/dog/1.png', 'dataset/val/cat/2.png');
    expect(await counts()).toEqual(['cat@train 1', 'cat@validation 1', 'dog@train 1']);
  });

  it('are not gone into where it is a class with pictures', async () => {
    await put('cat/1.png', 'cat/deep/2.png');
    expect(await counts()).toEqual(['cat 2']);
  });

  it('that are two deep are said to be, and are the classes on request', async () => {
    await put('animals/cat/1.png', 'animals/dog/1.png', 'things/cup/1.png', 'things/pan/deep/1.png');
    expect(await counts()).toEqual(['animals 2', 'things 2']);
    expect(await codes()).toEqual(['nested-class-folders']);
    expect(await counts({ 'class-depth': '2' })).toEqual([
      'animals/cat 1',
      'animals/dog 1',
      'things/cup 1',
      'things/pan 1',
    ]);
    expect(await codes({ 'class-depth': '1' })).toEqual([]);
    await put('animals/loose.png');
    await expect(read({ 'class-depth': '2' })).rejects.toThrow(/animals\/loose.png lies beside the class folders/);
  });
});

describe('class folders', () => {
  it('without a picture are named, in each split', async () => {
    await put('train/cat/1.png', 'train/dog/1.png', 'train/fox/note.txt', 'val/cat/1.png', 'val/dog/');
    expect((await read()).notes.warnings).toMatchObject([
      { code: 'empty-class-folder', message: expect.stringContaining('train/fox, val/dog have no pictures') as string },
    ]);
    expect(await codes({ ignore: 'fox,val/dog' })).toEqual([]);
  });

  it('are not those of annotations', async () => {
    await put('images/cat/1.png', 'images/dog/1.png', 'masks/cat/1.png');
    expect(await counts()).toEqual(['cat 1', 'dog 1']);
    expect((await read()).notes.passedOver).toEqual([
      { what: 'folders of annotations', count: 1, examples: ['masks'] },
    ]);
  });

  it('may hold files that are surely of other kinds, of which many are warned of', async () => {
    for (let i = 0; i < 11; i++) await put(`cat/${i}.png`, `dog/${i}.png`);
    await put('cat/a.mov', 'cat/x.png.crdownload', 'cat/Icon\r', 'cat/Picasa.ini', 'dog/noend');
    const { files, notes } = await read();
    expect(files.map(({ id }) => id)).toContain('dog/noend');
    expect(files).toHaveLength(23);
    expect(notes.warnings).toEqual([]);
    expect(notes.passedOver!.map(({ what, count }) => [what, count])).toEqual([
      ['hidden files, notices and what file managers and tools leave', 2],
      ['files of other kinds', 2],
    ]);
    await put('dog/b.npy');
    expect(await codes()).toEqual(['foreign-files']);
    expect((await read({ ignore: 'a.mov,x.png.crdownload,b.npy' })).notes.warnings).toEqual([]);
  });

  it('may hold pipes and links to devices, which are passed over and never opened', async () => {
    await put('cat/1.png', 'dog/1.png');
    expect(spawnSync('mkfifo', [join(root, 'cat', 'pipe.png')]).status).toBe(0);
    await symlink('/dev/zero', join(root, 'dog', 'zero.png'));
    expect(await counts()).toEqual(['cat 1', 'dog 1']);
    expect((await read()).notes.passedOver).toEqual([
      { what: 'pipes, sockets and devices', count: 2, examples: ['cat/pipe.png', 'dog/zero.png'] },
    ]);
    expect(await detectClassFolders(root, pictures, 0.8)).toBe(0.8);
  });
});

it('refuses options that it does not understand', async () => {
  await put('cat/1.png', 'dog/1.png');
  for (const [name, value] of [
    ['class-depth', '0'],
    ['class-depth', 'x'],
    ['splits', 'maybe'],
  ])
    await expect(read({ [name!]: value! })).rejects.toMatchObject({ code: 'invalid-option' });
});

it('says that a folder has no class folder', async () => {
  await expect(read()).rejects.toMatchObject({ code: 'target-empty' });
  await put('cat/', 'dog/a.txt');
  await expect(read()).rejects.toMatchObject({ code: 'target-empty' });
});

describe('what lies beside class folders', () => {
  it("is counted: files without a picture's name, lists of splits", async () => {
    await put('set/cat/1.png', 'set/dog/1.png', 'set/bird', 'meta/train.txt', 'meta/test.txt', 'meta/classes.txt');
    const { passedOver } = (await read()).notes;
    expect(passedOver).toEqual(
      expect.arrayContaining([
        { what: 'files beside the class folders', count: 1, examples: ['set/bird'] },
        expect.objectContaining({ count: 2, examples: ['meta/test.txt', 'meta/train.txt'] }),
      ]),
    );
  });

  it('is warned of where a class folder holds folders only, perhaps the data once more', async () => {
    await put('set/yes/1.png', 'set/no/1.png', 'set/copy/yes/1.png', 'set/copy/no/1.png');
    const [warning] = (await read()).notes.warnings!;
    expect(warning).toMatchObject({ code: 'nested-class-folders', samples: ['set/copy'] });
    expect(warning!.hint).toContain('ignore=set/copy');
    expect(await codes({ ignore: 'set/copy' })).toEqual([]);
    expect(await counts({ ignore: 'set/copy' })).toEqual(['no 1', 'yes 1']);
  });

  it('is left aside by its path, where the folder around is called the same', async () => {
    await put('xray/train/a/1.png', 'xray/test/a/1.png', 'xray/xray/train/a/1.png');
    await expect(read()).rejects.toMatchObject({ hint: expect.stringContaining('ignore=xray/xray.') as string });
    expect(await counts({ ignore: 'xray/xray' })).toEqual(['a@test 1', 'a@train 1']);
  });
});

it('detects files without an ending by what they begin with', async () => {
  await put('cat/1', 'dog/2');
  expect(await detectClassFolders(root, pictures, 0.8)).toBe(0);
  expect(await detectClassFolders(root, { ...pictures, begins: () => Promise.resolve(true) }, 0.8)).toBe(0.8);
});
