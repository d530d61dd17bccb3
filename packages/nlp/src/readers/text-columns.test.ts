import { refusalOf } from '@headstart/core/testing';
import { describe, expect, it } from 'vitest';
import { DataFolder, options, roles, truths, warned } from './data-folder.test.support.ts';
import { textPairs, textTable } from './text-table.ts';

const folder = new DataFolder();

/** A table with a header, of as many rows as are needed to tell its columns: `cells` gives those of a row. */
function csv(header: string, cells: (i: number) => readonly unknown[], rows = 20): string {
  const lines = Array.from({ length: rows }, (_, i) =>
    cells(i)
      .map((cell) => `"${String(cell)}"`)
      .join(','),
  );
  return `${header}\n${lines.join('\n')}\n`;
}
const said = (i: number) => `what number ${i} said about it at some length`;
const mood = (i: number) => (i % 2 ? 'up' : 'down');

describe('columns of texts and labels', () => {
  it('may be of texts alone where no label is wanted, and are refused where one is', async () => {
    const tables = [
      ['text', csv('text', (i) => [said(i)])],
      ['body', csv('title,body,when', (i) => [`t${i}`, said(i), `2026-01-${10 + i}`])],
      ['text', csv('text,kind,place', (i) => [said(i), mood(i), `p${i % 3}`])],
    ] as const;
    for (const [text, content] of tables) {
      await expect(folder.read('r.csv', content)).rejects.toMatchObject({ code: 'invalid-option' });
      const data = await folder.read('r.csv', content, {}, { ...options, withoutLabels: true });
      expect(data.samples.length).toBe(20);
      expect(data.samples[3]!.sample).toMatchObject({ text: said(3) });
      expect(data.labels).toEqual([]);
      expect(roles(data)).toMatchObject({ [text]: 'text' });
    }
  });

  it.each([
    ['Review Text,Recommended,id', 'Review Text', 'Recommended'],
    ['reviewText,Stars,id', 'reviewText', 'Stars'],
    ['Tweet,airline_sentiment,id', 'Tweet', 'airline_sentiment'],
    ['comment_text,choice,id', 'comment_text', 'choice'],
    ['said,verdict,id', 'said', 'verdict'],
  ])('are found in %s', async (header, text, label) => {
    const data = await folder.read(
      'r.csv',
      csv(header, (i) => [said(i), i % 2 ? 1 : 5, i]),
    );
    expect(roles(data)).toEqual({ [text]: 'text', [label]: 'label' });
    expect(data.labels).toEqual(['1', '5']);
  });

  it('are named where several fit, also where a rating may as well be what is learned', async () => {
    await refusalOf(
      folder.read(
        'r.csv',
        csv('text,category,sentiment', (i) => [said(i), 'a', mood(i)]),
      ),
      'invalid-option',
      'category, sentiment',
      'label-column',
    );
    await refusalOf(
      folder.read(
        'r.csv',
        csv('Review,Class Name,Rating', (i) => [said(i), mood(i), i % 5]),
      ),
      'invalid-option',
      'Class Name, Rating',
    );
    await refusalOf(
      folder.read(
        'r.csv',
        csv('said,verdict,place', (i) => [said(i), mood(i), i % 3]),
      ),
      'invalid-option',
      'verdict, place',
    );
    const data = await folder.read(
      'r.csv',
      csv('text,sentiment,rating', (i) => [said(i), mood(i), i % 5]),
    );
    expect(roles(data)).toEqual({ text: 'text', sentiment: 'label' });
  });

  it('are no times, addresses of rows or constants', async () => {
    const cells = (i: number) => [
      `${i % 2 ? 0 : 4}`,
      9000 + i,
      `Mon Apr 0${1 + (i % 6)} 22:19:45 PDT 2009`,
      'NO_QUERY',
      `user${i}`,
      said(i),
    ];
    const data = await folder.read('s.csv', csv('', cells).trimStart(), { header: 'no' });
    expect(roles(data)).toEqual({ 1: 'label', 6: 'text' });
  });

  it('are no names of pictures, unless that is asked for', async () => {
    const content = csv('text,label', (i) => [`pictures/of something ${i}.jpg`, mood(i)]);
    await refusalOf(folder.read('p.csv', content), 'invalid-option', 'no column of texts');
    expect(await textTable.detect(`${folder.root}/p.csv`)).toBe(0);
    expect((await folder.read('p.csv', content, { 'text-column': 'text' })).samples).toHaveLength(20);
    const both = await folder.put(
      'b.csv',
      csv('image,caption,label', (i) => [`pictures/${i}.jpg`, said(i), mood(i)]),
    );
    expect(await textTable.detect(both)).toBe(0.3);
  });

  it('are not guessed where a table may be sorted by its labels', async () => {
    const sorted = csv('said,user,verdict', (i) => [said(i), `u${i % 7}`, i < 250 ? 'down' : 'up'], 300);
    await refusalOf(folder.read('s.csv', sorted), 'invalid-option', 'user, verdict');
  });

  it('are never taken for two things', async () => {
    const content = csv('text,hypothesis,dataset', (i) => [said(i), mood(i), i % 2 ? 'train' : 'test']);
    const labelled = await folder.read('n.csv', content, { 'label-column': 'hypothesis' });
    expect(roles(labelled)).toEqual({ text: 'text', hypothesis: 'label', dataset: 'split' });
    const dataset = await folder.read('n.csv', content, { 'label-column': 'dataset' });
    expect(roles(dataset)).toEqual({ text: 'text', dataset: 'label' });
    expect(dataset.labels).toEqual(['test', 'train']);
    await refusalOf(
      folder.read('n.csv', content, { 'text-column': 'text', 'label-column': 'text' }),
      'invalid-option',
      '"text" is asked for as text-column and as label-column',
    );
    await refusalOf(
      folder.read('n.csv', content, { 'label-column': 'dataset', 'split-column': 'dataset' }),
      'invalid-option',
      '"dataset"',
    );
  });

  it('make pairs where their names go together, or pairs are asked for', async () => {
    const cells = (i: number) => [said(i), `${mood(i)} and so on ${i}`, mood(i)];
    for (const header of ['premise,hypothesis,label', 'sentence1,sentence2,label', 'text,pair,label'])
      expect(Object.values(roles(await folder.read('p.csv', csv(header, cells))))).toEqual([
        'text',
        'second text',
        'label',
      ]);
    expect(Object.values(roles(await folder.read('p.csv', csv('text,positive,label', cells))))).toEqual([
      'text',
      'label',
    ]);
    const asked = await folder.read('p.csv', csv('text,positive,label', cells), { 'pair-column': 'positive' });
    expect(roles(asked)).toEqual({ text: 'text', positive: 'second text', label: 'label' });
    const none = await folder.read('p.csv', csv('premise,hypothesis,label', cells), { 'pair-column': 'none' });
    expect(roles(none)).toEqual({ premise: 'text', label: 'label' });
  });
});

describe('scores', () => {
  it('are read with pairs only, and refused by name where there is nothing else', async () => {
    const unneeded = await folder.read(
      's.csv',
      csv('text,label,score', (i) => [said(i), mood(i), i === 3 ? '' : '5 stars']),
    );
    expect(roles(unneeded)).toEqual({ text: 'text', label: 'label' });
    const content = csv('content,score,thumbs,at', (i) => [said(i), (i % 5) + 1, i % 3, 2020]);
    await refusalOf(folder.read('g.csv', content), 'invalid-option', 'label-column=score takes the scores as classes');
    const data = await folder.read('g.csv', content, { 'label-column': 'score' });
    expect(data.labels).toEqual(['1', '2', '3', '4', '5']);
  });

  it('of pairs leave other columns unread', async () => {
    const path = await folder.put(
      'sts.csv',
      csv('sentence1,sentence2,score,genre', (i) => [said(i), said(i + 1), i / 4, i === 5 ? '' : 'news']),
    );
    expect(await textPairs.detect(path)).toBeGreaterThan(await textTable.detect(path));
    const data = await textPairs.read(path, options);
    expect(roles(data)).toEqual({ sentence1: 'text', sentence2: 'second text', score: 'score' });
    expect(data.samples[2]!.sample.score).toBe(0.5);
    const missing = await textPairs.read(await folder.put('m.csv', 'text,pair,score\na,b,1\nc,d,\n'), options);
    expect(missing.unlabelled).toEqual([{ id: 'm.csv:3', reason: 'the score is empty' }]);
  });
});

describe('columns of ones and zeros', () => {
  const content = csv('id,comment_text,toxic,rude,threat', (i) => [i, said(i), i % 2, i % 3 ? 0 : 1, 0]);

  it('are labels, those without a one named', async () => {
    const data = await folder.read('j.csv', content);
    expect(data.labels).toEqual(['rude', 'toxic']);
    expect(
      truths(data)
        .slice(0, 4)
        .map((row) => (row as unknown[])[1]),
    ).toEqual([['rude'], ['toxic'], [], ['rude', 'toxic']]);
    expect(warned(data)).toEqual(['labels-never-set']);
    expect(data.notes!.warnings![0]!.hint).toContain('label-column=toxic,rude');
    const named = await folder.read('j.csv', content, { 'label-column': 'toxic,rude' });
    expect(warned(named)).toEqual([]);
    expect(truths(named)).toEqual(truths(data));
  });

  it('stay several labels where each row has one, unless that is said', async () => {
    const exclusive = csv('text,joy,fear', (i) => [said(i), i % 2, 1 - (i % 2)]);
    expect(truths(await folder.read('e.csv', exclusive))[0]).toEqual([said(0), ['fear']]);
    expect(truths(await folder.read('e.csv', exclusive, { 'labels-per-text': 'one' }))[0]).toEqual([said(0), 'fear']);
  });

  it('have rows that nobody has labelled, and may turn out to be numbers', async () => {
    const partly = csv('text,joy,fear', (i) => (i === 4 ? [said(i), -1, -1] : [said(i), i % 2, i % 3 ? 0 : 1]));
    expect((await folder.read('e.csv', partly)).unlabelled).toEqual([
      { id: 'e.csv:6', reason: 'the label "joy" is empty or -1' },
    ]);
    const counts = csv('text,joy,fear', (i) => [said(i), i % 2, i === 250 ? 3 : i % 2], 260);
    await refusalOf(folder.read('e.csv', counts), 'label-invalid', 'line 252', '"fear" is "3"');
  });
});

describe('columns of splits', () => {
  const table = (name: string, split: (i: number) => string) =>
    csv(`text,label,${name}`, (i) => [said(i), mood(i), split(i)]);
  const splits = (data: Awaited<ReturnType<typeof folder.read>>) => data.samples.map(({ split }) => split);

  it('are known by many names and values', async () => {
    for (const [name, test] of [
      ['split', 'Testing'],
      ['data_set', 'test'],
      ['partition', 'holdout'],
    ] as const) {
      const data = await folder.read(
        's.csv',
        table(name, (i) => (i < 15 ? 'train' : test)),
      );
      expect(splits(data).filter((split) => split === 'test')).toHaveLength(5);
      expect(roles(data)[name]).toBe('split');
    }
    const flagged = await folder.read(
      's.csv',
      table('is_valid', (i) => (i < 15 ? 'False' : 'True')),
    );
    expect(splits(flagged).filter((split) => split === 'validation')).toHaveLength(5);
  });

  it('are named where their values are not known, and read where these are explained', async () => {
    const folds = table('fold', (i) => String(i % 5));
    const data = await folder.read('s.csv', folds);
    expect(warned(data)).toEqual(['split-values']);
    expect(splits(data)).toEqual(splits(await folder.read('s.csv', folds, { 'split-column': 'none' })));
    const tested = await folder.read('s.csv', folds, { 'split-column': 'fold', 'test-values': '4' });
    expect(splits(tested).slice(0, 5)).toEqual(['train', 'train', 'train', 'train', 'test']);
    expect(warned(tested)).toEqual([]);
    await refusalOf(
      folder.read(
        's.csv',
        table('split', (i) => (i < 15 ? 'train' : 'later')),
      ),
      'label-invalid',
      'line 17',
      '"later"',
      'test-values',
      'split-column=none',
    );
  });

  it('with empty cells are said', async () => {
    const partly = table('split', (i) => (i < 10 ? 'train' : i < 15 ? 'test' : ''));
    const data = await folder.read('s.csv', partly);
    expect(data.notes?.warnings).toMatchObject([
      { code: 'split-values', message: expect.stringContaining('5 of 20 rows') as string },
    ]);
    const drawn = await folder.read('s.csv', partly, { 'split-column': 'none' });
    expect(splits(drawn).every((split) => split === undefined)).toBe(true);
    expect(warned(drawn)).toEqual([]);
  });
});

describe('labels that read as free text', () => {
  const sentences = (count: number) =>
    Array.from(
      { length: count },
      (_, i) => `We stayed for ${i} long nights at this fine place, so ${i % (count - 1)}.\n`,
    ).join('');

  it.each([20, 60])('are refused where a comma took %i sentences apart', async (count) => {
    await refusalOf(
      folder.read('r.csv', sentences(count)),
      'label-invalid',
      `${count - 1} different values in ${count} rows`,
      'delimiter=tab',
    );
    const asked = await folder.read('r.csv', sentences(count), { 'label-column': '2' });
    expect(asked.labels).toHaveLength(count - 1);
  });

  it('are warned of in a column that is called label', async () => {
    const data = await folder.read(
      'r.csv',
      csv('text,label', (i) => [said(i), `what number ${i} felt`]),
    );
    expect(warned(data)).toContain('free-text-labels');
  });
});
