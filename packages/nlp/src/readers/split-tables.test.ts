import { refusalOf } from '@headstart/core/testing';
import { describe, expect, it } from 'vitest';
import { DataFolder, listed, options, roles, warned } from './data-folder.test.support.ts';
import { textFolder } from './text-folder.ts';
import { textPairs, textTable } from './text-table.ts';

const folder = new DataFolder();
const table = (...rows: string[]) => `text,label\n${rows.join('\n')}\n`;
const read = (given: Record<string, string> = {}) => textTable.read(folder.root, { ...options, options: given });

describe('tables that are named for splits', () => {
  it('are one data set, of which each names its split', async () => {
    await folder.put('imdb_test.csv', table('dull,bad'));
    await folder.put('imdb_train.csv', table('fine,good', 'poor,bad'));
    await folder.put('dev.tsv', 'label\ttext\ngood\twell\n');
    await folder.put('README.md', '# IMDb');
    const data = await read();
    expect(listed(data)).toEqual([
      ['imdb_train.csv:2', 'fine', 'good', 'train'],
      ['imdb_train.csv:3', 'poor', 'bad', 'train'],
      ['dev.tsv:2', 'well', 'good', 'validation'],
      ['imdb_test.csv:2', 'dull', 'bad', 'test'],
    ]);
    expect(data.labels).toEqual(['bad', 'good']);
    expect(roles(data)).toEqual({ text: 'text', label: 'label' });
    expect(await textTable.detect(folder.root)).toBeGreaterThan(0.8);
  });

  it('lie in a folder inside, in several pieces', async () => {
    await folder.put('data/train-00001-of-00002.jsonl', '{"text":"poor","label":"bad"}\n');
    await folder.put('data/train-00000-of-00002.jsonl', '{"text":"fine","label":"good"}\n');
    await folder.put('data/test-00000-of-00001.jsonl', '{"text":"dull","label":"bad"}\n');
    expect(listed(await read())).toEqual([
      ['data/train-00000-of-00002.jsonl:1', 'fine', 'good', 'train'],
      ['data/train-00001-of-00002.jsonl:1', 'poor', 'bad', 'train'],
      ['data/test-00000-of-00001.jsonl:1', 'dull', 'bad', 'test'],
    ]);
  });

  it('without labels are left aside and named, and splits are drawn then', async () => {
    await folder.put('train.csv', table('fine,good', 'poor,bad'));
    await folder.put('test.csv', 'id,text\n1,dull\n');
    await folder.put('sample_submission.csv', 'id,label\n1,good\n');
    const data = await read();
    expect(listed(data)).toEqual([
      ['train.csv:2', 'fine', 'good'],
      ['train.csv:3', 'poor', 'bad'],
    ]);
    expect(data.notes?.warnings).toMatchObject([
      {
        code: 'tables-left-out',
        message: expect.stringMatching(/test\.csv.*text, label/) as string,
        samples: ['test.csv'],
      },
    ]);
    const listedOnly = await read({ tables: 'train.csv' });
    expect(listed(listedOnly)).toEqual(listed(data));
    expect(warned(listedOnly)).toEqual([]);
  });

  it('have the columns of the first', async () => {
    await folder.put(
      'train.csv',
      'said,verdict\nit was rather fine,up\nit was rather dull,down\nit was rather poor,down\n',
    );
    await folder.put('test.csv', 'verdict,said,note\nup,fine,it was said at some length\n');
    expect(listed(await read()).at(-1)).toEqual(['test.csv:2', 'fine', 'up', 'test']);
    await folder.put('train_2.csv', table('fine,good'));
    await refusalOf(read(), 'invalid-option', 'train_2.csv', 'no column "said"');
  });

  it('are refused in several formats, of which some are to be listed', async () => {
    await folder.put('train.csv', table('fine,good', 'poor,bad'));
    await folder.put('train.jsonl', '{"text":"fine","label":"good"}\n');
    await refusalOf(read(), 'target-unreadable', 'train.csv, train.jsonl', 'tables=train.csv');
    expect((await read({ tables: 'train.jsonl' })).samples).toHaveLength(1);
    await refusalOf(read({ tables: 'dev.csv' }), 'invalid-option', 'no table "dev.csv"', 'train.jsonl');
  });

  it('may be pairs with scores', async () => {
    for (const name of ['train', 'test'])
      await folder.put(`sts/${name}.csv`, 'sentence1,sentence2,score\na b,c d,4\ne f,g h,1\n');
    expect(await textPairs.detect(folder.root)).toBeGreaterThan(await textTable.detect(folder.root));
    const { samples } = await textPairs.read(folder.root, options);
    expect(samples.map(({ split, sample: { score } }) => [split, score])).toEqual([
      ['train', 4],
      ['train', 1],
      ['test', 4],
      ['test', 1],
    ]);
  });

  it('are no others: lists of pictures, folders without a table to train on', async () => {
    await folder.put('train.txt', 'images/1.jpg\nimages/2.jpg\n');
    await folder.put('test.txt', 'images/3.jpg\n');
    expect(await textTable.detect(folder.root)).toBe(0);
    await folder.put('other/test.csv', table('fine,good'));
    expect(await textTable.detect(`${folder.root}/other`)).toBe(0.5);
    await folder.put('other/notes.csv', table('fine,good'));
    expect(await textTable.detect(`${folder.root}/other`)).toBe(0);
    await refusalOf(textTable.read(`${folder.root}/other`, options), 'target-empty', 'train.csv');
  });

  it('or the only file of a folder, but for notes', async () => {
    await folder.put('archive/IMDB Dataset.csv', table('fine,good', 'poor,bad'));
    for (const note of ['README.md', 'LICENSE.txt']) await folder.put(`archive/${note}`, 'What this is, and whose.\n');
    expect(await textFolder.recognise!(`${folder.root}/archive`)).toBeUndefined();
    expect(await textTable.detect(`${folder.root}/archive`)).toBe(0.5);
    expect(listed(await textTable.read(`${folder.root}/archive`, options))[0]).toEqual([
      'IMDB Dataset.csv:2',
      'fine',
      'good',
    ]);
  });
});
