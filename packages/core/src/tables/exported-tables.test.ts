import { describe, expect, it } from 'vitest';
import { listed, tableFolder } from './table-folder.test.support.ts';

const { open, read } = tableFolder();
const twenty = (row: (i: number) => string) => Array.from({ length: 20 }, (_, i) => row(i));
const table = (...lines: readonly string[]) => `${lines.join('\n')}\n`;

describe('tables as programs export them', () => {
  it.each([
    ['psql', ' id | text \n----+------\n 1 | a b \n 2 | c d \n'],
    ['mysql', '+----+------+\n| id | text |\n+----+------+\n| 1 | a b |\n| 2 | c d |\n+----+------+\n'],
    ['Markdown', '| id | text |\n|:---|-----:|\n| 1 | a b |\n| 2 | c d |\n'],
  ])('have no rows of the lines that %s draws', async (_program, content) => {
    const [names, ...rows] = await read(content, 't.txt');
    expect(names).toEqual(['id', 'text']);
    expect(rows.map((row) => (row as string[]).slice(1).map((cell) => cell.trim()))).toEqual([
      ['1', 'a b'],
      ['2', 'c d'],
    ]);
  });

  it('keep cells that are a single sign', async () => {
    expect(await read('text,label\n-,=\n+,-\n', 't.csv')).toEqual([
      ['text', 'label'],
      [2, '-', '='],
      [3, '+', '-'],
    ]);
  });

  it('say where the names of columns come once more, with a mark of byte order or without', async () => {
    const part = table('text,label', 'a b,x', 'c d,y', 'e f,x');
    expect(await read(`\uFEFF${part}\uFEFF${part}`, 't.csv')).toEqual([
      ['text', 'label'],
      [2, 'a b', 'x'],
      [3, 'c d', 'y'],
      [4, 'e f', 'x'],
      [5, 'it repeats the names of the columns'],
      [6, 'a b', 'x'],
      [7, 'c d', 'y'],
      [8, 'e f', 'x'],
    ]);
    // A row twice, whose label is a usual name and comes back elsewhere, names nothing.
    const data = table('so much noise,text', 'a pretty face,image', 'so much noise,text', 'a few words,text');
    expect((await open(data, 'd.csv')).header).toBe(false);
  });

  it('are named by the questions of a survey', async () => {
    const question = 'How was your stay with us? Please tell us in your own words, we read all of them.';
    const rows = twenty((i) => `2024/05/01 10:00:${i + 10},my words number ${i},${i % 2 ? 'No' : 'Yes'}`);
    const timed = await open(table(`When,"${question}",Again?`, ...rows), 't.csv');
    expect(timed.columns).toEqual(['When', question, 'Again?']);
    const untimed = rows.map((row) => row.slice(row.indexOf(',') + 1));
    expect((await open(table(`"${question}",Would you come again?`, ...untimed), 't.csv')).header).toBe(true);
    // Without names, the first row holds an answer as the others do.
    expect((await open(table(...untimed), 't.csv')).header).toBe(false);
  });

  it('have cells in single quotes where all names have them', async () => {
    expect(await read("'text','label'\n'it''s so, or not','x'\n'a','y'\n", 't.csv')).toEqual([
      ['text', 'label'],
      [2, "it's so, or not", 'x'],
      [3, 'a', 'y'],
    ]);
    expect(await read("text,label\n'a',x\n", 't.csv')).toEqual([
      ['text', 'label'],
      [2, "'a'", 'x'],
    ]);
  });

  it('are not taken apart at the commas of sentences, unless a name says that these part columns', async () => {
    const lines = table(...twenty((i) => `It came on day ${i}, and I love it`));
    for (const name of ['chat.txt', 'app.log']) expect((await open(lines, name)).columns).toEqual(['1']);
    expect((await open(lines, 't.csv')).columns).toEqual(['1', '2']);
    expect((await open(`text, label\n${lines}`, 't.txt')).columns).toEqual(['text', 'label']);
  });

  it('have the separator that most rows have, though sentences have a comma each', async () => {
    const lines = twenty((i) => (i === 3 ? 'a\tb, c\td' : `${i}\tIt came, and I love it\tx`));
    expect((await open(table(...lines, '7\tIt came, and\tleft\tx'), 't.txt')).separator).toBe('\t');
  });

  it('count what stands above the first row, between rows and below them', async () => {
    const rows = twenty((i) => `my words ${i},${i % 2 ? 'no' : 'yes'}${i === 9 ? '\n,' : ''}`);
    const csv = await open(table('sep=,', '# by hand', 'text,label', ...rows, ',', ',""'), 't.csv');
    expect(await listed(csv)).toHaveLength(21);
    expect(csv.findings!().passedOver).toEqual([
      { what: 'lines above the first row', count: 2, examples: ['t.csv:1', 't.csv:2'] },
      { what: 'empty rows', count: 3, examples: ['t.csv:14', 't.csv:25', 't.csv:26'] },
    ]);
    const titled = await open(table('All reviews', 'text,label', ...twenty((i) => `my words ${i},${i % 2}`)), 'u.csv');
    expect(await listed(titled)).toHaveLength(21);
    expect(titled.findings!().passedOver).toEqual([
      { what: 'lines above the first row', count: 1, examples: ['u.csv:1'] },
    ]);
  });

  it('are read below the three rows of names that Qualtrics writes', async () => {
    const names = [
      'StartDate,Q1,Q2',
      '"Start Date","What do you think of it, in your own words?","How was it?"',
      '"{""ImportId"":""startDate""}","{""ImportId"":""QID1_TEXT""}","{""ImportId"":""QID2""}"',
    ];
    const rows = twenty((i) => `2024-05-01 10:00:00,my words ${i},${i % 2 ? 'No' : 'Yes'}`);
    const survey = await open(table(...names, ...rows), 'q.csv');
    const [columns, ...answers] = await listed(survey);
    expect(columns).toEqual(['StartDate', 'Q1', 'Q2']);
    expect(answers).toHaveLength(20);
    expect(answers[0]).toEqual([4, '2024-05-01 10:00:00', 'my words 0', 'Yes']);
    expect(survey.findings!().passedOver).toEqual([
      { what: 'further rows of names, as Qualtrics writes', count: 2, examples: ['q.csv:2', 'q.csv:3'] },
    ]);
  });
});
