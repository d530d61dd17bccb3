import type { ReadOptions } from '@headstart/core';
import { refusalOf } from '@headstart/core/testing';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataFolder, listed, options, warned } from './data-folder.test.support.ts';
import { textFolder } from './text-folder.ts';

const folder = new DataFolder();
const skipping: ReadOptions = { ...options, skipBad: true };
const put: typeof folder.put = (path, content) => folder.put(path, content);
const read = (given: Record<string, string> = {}) => textFolder.read(folder.root, { ...options, options: given });

describe('text-folder', () => {
  it('takes folders for classes and for splits, text files as they are', async () => {
    for (const [path, text] of [
      ['good/1.txt', '\uFEFFfine\r\n'],
      ['good/deep/2.txt', 'two\nlines\n'],
      ['bad/1.txt', 'dull'],
      ['bad/notes.md', 'x'],
      ['README', 'x'],
    ] as const)
      await put(path, text);
    const data = await textFolder.read(folder.root, options);
    expect(data).toMatchObject({ modality: 'text', reader: 'text-folder', labels: ['bad', 'good'], skipped: [] });
    expect(listed(data)).toEqual([
      ['bad/1.txt', 'dull', 'bad'],
      ['good/1.txt', 'fine', 'good'],
      ['good/deep/2.txt', 'two\nlines', 'good'],
    ]);
    expect(await textFolder.detect(folder.root)).toBeGreaterThan(0.5);
    await rm(folder.root, { recursive: true });
    for (const path of ['train/a/1.txt', 'train/b/1.txt', 'test/b/2.txt']) await put(path, path);
    expect(listed(await textFolder.read(folder.root, options)).map((row) => (row as string[])[3])).toEqual([
      'test',
      'train',
      'train',
    ]);
  });

  it('takes every text where no label is wanted: in no folder, in one, in class folders and beside them', async () => {
    const withoutLabels = { ...options, withoutLabels: true };
    const texts = async () => {
      expect(await textFolder.detect(folder.root, { withoutLabels: true })).toBeGreaterThan(0.5);
      const { samples, labels, notes } = await textFolder.read(folder.root, withoutLabels);
      for (const { sample } of samples) expect(sample.label).toBeUndefined();
      return {
        ids: samples.map(({ sample: { id } }) => id),
        labels,
        passed: notes!.passedOver!.map(({ what }) => what),
      };
    };
    await put('1.txt', 'one');
    await put('notes.md', 'x');
    await put('2.txt', 'two');
    expect(await textFolder.detect(folder.root)).toBe(0);
    await refusalOf(textFolder.read(folder.root, options), 'target-unreadable', 'its class is unknown');
    expect(await texts()).toMatchObject({
      ids: ['1.txt', '2.txt'],
      labels: [],
      passed: [expect.stringContaining('notes')],
    });
    await put('2024/3.txt', 'three');
    expect((await texts()).ids).toEqual(['1.txt', '2.txt', '2024/3.txt']);
    await put('bad/4.txt', 'four');
    await put('unsup/5.txt', 'five');
    expect(await texts()).toMatchObject({
      ids: ['1.txt', '2.txt', '2024/3.txt', 'bad/4.txt', 'unsup/5.txt'],
    });
    await rm(folder.root, { recursive: true });
    await put('a/b.md', 'x');
    expect(await textFolder.detect(folder.root, { withoutLabels: true })).toBe(0);
    await refusalOf(textFolder.read(folder.root, withoutLabels), 'target-empty', 'no text');
  });

  it('is not sure of few texts beside tables and pictures where no label is wanted, and doubts long ones', async () => {
    const withoutLabels = { ...options, withoutLabels: true };
    const doubtsOf = async () => warned(await textFolder.read(folder.root, withoutLabels));
    await put('reviews.csv', 'text\na\nb\n');
    await put('about.txt', 'what this is');
    await put('how_made.txt', 'by hand');
    expect(await textFolder.detect(folder.root, { withoutLabels: true })).toBe(0);
    expect(await doubtsOf()).toEqual(['few-texts']);
    for (let i = 0; i < 10; i++) await put(`${i}.txt`, `text ${i}`);
    expect(await textFolder.detect(folder.root, { withoutLabels: true })).toBeGreaterThan(0.5);
    expect(await doubtsOf()).toEqual([]);
    await rm(folder.root, { recursive: true });
    // The boxes of YOLO: a text beside each picture.
    for (const n of [0, 1, 2]) for (const ending of ['txt', 'jpg']) await put(`${n}.${ending}`, '0 0.5 0.5 0.2 0.2');
    expect(await textFolder.detect(folder.root, { withoutLabels: true })).toBe(0);
    await rm(folder.root, { recursive: true });
    for (const part of ['a', 'b'])
      await put(`${part}.txt`, Array.from({ length: 60 }, (_, i) => `line ${i}`).join('\n'));
    expect(await doubtsOf()).toEqual(['few-texts']);
    expect((await textFolder.read(folder.root, withoutLabels)).notes!.warnings![0]!.message).toBe(
      '2 text files are read as texts, of 60 lines on average.',
    );
  });

  it('knows texts of numbers, and those that other files lie beside, for what they may be', async () => {
    const layoutOf = async (withoutLabels = true) =>
      (await textFolder.recognise!(folder.root, { withoutLabels }))?.layout;
    // YOLO's boxes without their pictures, measurements, and an empty file among them.
    for (const n of [0, 1, 2]) await put(`labels/${n}.txt`, `${n} 0.5 0.5 0.2 0.2\n1 0.25 0.5 1e-2 0.2\n`);
    await put('labels/3.txt', '\n');
    expect(await textFolder.detect(folder.root, { withoutLabels: true })).toBe(0);
    expect(await layoutOf()).toContain('numbers');
    expect(await layoutOf(false)).toContain('numbers');
    await rm(folder.root, { recursive: true });
    await put('a/1.txt', '0.5 0.25\n');
    await put('b/2.txt', '17; 18; -3\n');
    const asked = await textFolder.read(folder.root, options);
    expect(asked.samples).toHaveLength(2);
    expect(warned(asked)).toEqual(['texts-of-numbers']);
    for (const n of [3, 4, 5]) await put(`b/${n}.txt`, 'in words');
    expect(await layoutOf(false)).toBeUndefined();
    expect(warned(await textFolder.read(folder.root, options))).toEqual([]);
    await rm(folder.root, { recursive: true });
    for (const n of [1, 2]) await put(`counts/${n}`, `${n}7 18 19\n`);
    expect(await layoutOf()).toContain('numbers');
    await rm(folder.root, { recursive: true });
    // Transcripts of recordings.
    for (const n of [0, 1, 2]) for (const ending of ['txt', 'wav']) await put(`${n}.${ending}`, 'so it was said');
    expect(await layoutOf()).toBe('text files beside 3 other files');
    expect(await layoutOf(false)).toBeUndefined();
  });

  it('says no to folders of other things', async () => {
    expect(await textFolder.detect(folder.root)).toBe(0);
    await put('cat/1.png', 'x');
    expect(await textFolder.detect(folder.root)).toBe(0);
    expect(await textFolder.detect(await put('a.csv', 'text,label\n'))).toBe(0);
    await refusalOf(textFolder.read(join(folder.root, 'gone'), options), 'target-not-found', 'gone');
  });

  it('refuses texts whose class is unknown', async () => {
    await put('good/1.txt', 'fine');
    await put('loose.txt', 'x');
    await refusalOf(textFolder.read(folder.root, options), 'target-unreadable', 'loose.txt', 'text file');
  });

  it.each([
    ['empty', '', 'the text is empty'],
    ['of another encoding', Buffer.from('caf\xe9', 'latin1'), 'is not UTF-8: line 1, at byte 3: 63 61 66 [e9]'],
    ['too large', 'x'.repeat(5 * 2 ** 20), 'has 5,242,880 bytes'],
    ['of zero bytes', Buffer.alloc(10), 'zero bytes'],
  ])('names a file that is %s and leaves it out on demand', async (_what, content, why) => {
    await put('bad/1.txt', 'dull');
    await put('good/1.txt', 'fine');
    const bad = await put('good/2.txt', content);
    const error = await refusalOf(textFolder.read(folder.root, options), 'sample-unreadable', bad, why);
    expect(error.hint).toContain('--skip-bad');
    const { samples, skipped } = await textFolder.read(folder.root, skipping);
    expect(samples).toHaveLength(2);
    expect(skipped).toEqual([{ id: 'good/2.txt', reason: expect.stringContaining(why) as string }]);
  });

  it('names a link that leads nowhere and a class of which nothing is left', async () => {
    await put('bad/1.txt', 'dull');
    await mkdir(join(folder.root, 'good'));
    await symlink(join(folder.root, 'nowhere'), join(folder.root, 'good', '1.txt'));
    await refusalOf(textFolder.read(folder.root, options), 'sample-unreadable', '1.txt', 'leads nowhere');
    await refusalOf(textFolder.read(folder.root, skipping), 'target-too-small', '"good"', '1 left out');
  });
});

describe('which files are texts', () => {
  it('has those without an ending where no file is called .txt', async () => {
    for (const [path, text] of [
      ['news-train/rec.autos/10001', 'a car'],
      ['news-train/sci.space/20001', 'a star'],
      ['news-train/sci.space/msg.4711', Buffer.from('caf\xe9', 'latin1')],
    ] as const)
      await put(path, text);
    const train = join(folder.root, 'news-train');
    expect(await textFolder.detect(train)).toBe(0.6);
    const data = await textFolder.read(train, { ...options, options: { encoding: 'latin1' } });
    expect(listed(data)).toEqual([
      ['rec.autos/10001', 'a car', 'rec.autos'],
      ['sci.space/20001', 'a star', 'sci.space'],
      ['sci.space/msg.4711', 'café', 'sci.space'],
    ]);
    await put('news-train/sci.space/30001', Buffer.alloc(200));
    await rm(join(train, 'sci.space', 'msg.4711'));
    expect(await textFolder.detect(train)).toBe(0);
  });

  it('passes over what speaks of the others, beside class folders and in them', async () => {
    for (const path of [
      'train/urls_pos.txt',
      'README.TXT',
      'train/neg/license.txt',
      'imdb.vocab',
      'train/labeledBow.feat',
    ])
      await put(path, 'x');
    for (const path of ['train/neg/1.txt', 'train/pos/1.txt', 'test/pos/2.txt']) await put(path, path);
    const data = await read();
    expect(listed(data).map((row) => (row as unknown[])[0])).toEqual([
      'test/pos/2.txt',
      'train/neg/1.txt',
      'train/pos/1.txt',
    ]);
    expect(data.notes?.passedOver?.reduce((sum, { count }) => sum + count, 0)).toBe(5);
  });

  it('names files that are read where that is asked for', async () => {
    await put('bad/1.eml', 'Subject: dull');
    await put('good/1.eml', 'Subject: fine');
    expect(await textFolder.detect(folder.root)).toBe(0);
    const recognised = await textFolder.recognise!(folder.root);
    expect(recognised?.layout).toContain('.eml');
    expect(recognised?.hint).toContain('endings=.eml');
    expect(listed(await read({ endings: '.eml' }))).toEqual([
      ['bad/1.eml', 'Subject: dull', 'bad'],
      ['good/1.eml', 'Subject: fine', 'good'],
    ]);
    await put('good/2.html', '<p>fine</p>');
    await put('good/3', 'fine');
    expect((await read({ endings: '.eml,.html,none' })).samples).toHaveLength(4);
    await refusalOf(read({ endings: 'html' }), 'invalid-option', '"html"');
  });

  it('names documents, which are not read', async () => {
    await put('bad/1.pdf', '%PDF-1.4');
    await put('good/1.pdf', '%PDF-1.4');
    expect(await textFolder.detect(folder.root)).toBe(0);
    expect((await textFolder.recognise!(folder.root))?.hint).toContain('pdftotext');
  });
});

describe('texts in another encoding', () => {
  it('are read as what the option names, beside those in UTF-8', async () => {
    await put('bad/1.txt', 'naïve');
    await put('good/1.txt', Buffer.from('\u00a35 caf\u00e9', 'latin1'));
    const error = await refusalOf(read(), 'sample-unreadable', '1.txt', 'UTF-8');
    expect(error.hint).toContain('encoding=windows-1252');
    expect(listed(await read({ encoding: 'windows-1252' })).map((row) => (row as unknown[])[1])).toEqual([
      'naïve',
      '£5 café',
    ]);
    await refusalOf(read({ encoding: 'klingon' }), 'invalid-option', '"klingon"');
    await refusalOf(read({ encodings: 'utf-8' }), 'unknown-name', '"encodings"', '"encoding"');
  });
});

describe('a folder of texts without a class', () => {
  it('is left aside and named', async () => {
    for (const path of [
      'train/neg/1.txt',
      'train/pos/1.txt',
      'train/unsup/1.txt',
      'train/unsup/2.txt',
      'test/pos/2.txt',
      'test/neg/2.txt',
    ])
      await put(path, `as in ${path}`);
    const data = await read();
    expect(data.labels).toEqual(['neg', 'pos']);
    expect(data.samples).toHaveLength(4);
    expect(data.notes?.warnings).toMatchObject([
      {
        code: 'unlabelled-folder',
        message: expect.stringContaining('2 text files') as string,
        samples: ['train/unsup/1.txt', 'train/unsup/2.txt'],
      },
    ]);
    const ignored = await read({ ignore: 'unsup' });
    expect(listed(ignored)).toEqual(listed(data));
    expect(warned(ignored)).toEqual([]);
  });
});
