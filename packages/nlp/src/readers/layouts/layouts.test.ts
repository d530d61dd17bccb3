import { refusalOf } from '@headstart/core/testing';
import { describe, expect, it } from 'vitest';
import { DataFolder, options, remarks, roles, truths } from '../data-folder.test.support.ts';
import { textTable } from '../text-table.ts';

const folder = new DataFolder();
const lines = (...records: unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');

describe('Label Studio', () => {
  const answer = (...choices: string[]) => ({
    result: [{ type: 'choices', from_name: 'mood', to_name: 'text', value: { choices } }],
  });
  const task = (id: number, text: string, ...annotations: unknown[]) => ({
    id,
    data: { text, source: 'web' },
    annotations,
  });

  it('is read from its JSON, with the question as the column of labels', async () => {
    const data = await folder.read(
      'export.jsonl',
      lines(
        task(1, 'fine', answer('good')),
        task(2, 'dull', answer('bad'), { was_cancelled: true, ...answer('good') }),
        task(3, 'well', answer('good'), answer('good')),
      ),
    );
    expect(truths(data)).toEqual([
      ['fine', 'good'],
      ['dull', 'bad'],
      ['well', 'good'],
    ]);
    expect(roles(data)).toMatchObject({ text: 'text', mood: expect.stringContaining('label') as string });
    expect(await textTable.detect(`${folder.root}/export.jsonl`)).toBeGreaterThan(0.5);
  });

  it('has texts without a label where nobody answered, or annotators disagree', async () => {
    const data = await folder.read(
      'export.jsonl',
      lines(
        task(1, 'fine', answer('good')),
        task(2, 'dull'),
        task(3, 'odd', answer('good'), answer('bad')),
        task(4, 'poor', answer('bad')),
      ),
    );
    expect(truths(data)).toEqual([
      ['fine', 'good'],
      ['poor', 'bad'],
    ]);
    expect(data.unlabelled).toEqual([
      { id: expect.stringContaining('export.jsonl:') as string, reason: 'nobody has labelled it' },
      { id: expect.any(String) as string, reason: 'its annotators disagree: "good" and "bad"' },
    ]);
  });

  it('may have several choices, of several questions', async () => {
    const second = { type: 'choices', from_name: 'topic', value: { choices: ['a', 'b'] } };
    const both = (mood: string) => ({ result: [...answer(mood).result, second] });
    const content = lines(task(1, 'fine', both('good')), task(2, 'dull', both('bad')));
    const data = await folder.read('two.jsonl', content, { 'label-column': 'topic' });
    expect(truths(data)).toEqual([
      ['fine', ['a', 'b']],
      ['dull', ['a', 'b']],
    ]);
    await refusalOf(folder.read('two.jsonl', content), 'invalid-option', 'mood, topic');
  });

  it('is read from JSON_MIN and CSV, whose cells hold one choice or several', async () => {
    const min = await folder.read(
      'min.jsonl',
      lines(
        { text: 'fine', id: 1, sentiment: 'good', annotator: 1 },
        { text: 'dull', id: 2, sentiment: 'bad', annotator: 1 },
      ),
    );
    expect(truths(min)).toEqual([
      ['fine', 'good'],
      ['dull', 'bad'],
    ]);
    const csv = await folder.read(
      't.csv',
      'text,id,choice,annotator\nfine,0,"{""choices"": [""good"", ""new""]}",1\ndull,1,bad,1\n',
    );
    expect(truths(csv)).toEqual([
      ['fine', ['good', 'new']],
      ['dull', ['bad']],
    ]);
  });
});

describe('Argilla', () => {
  it('is read from version 1, discarded records left out', async () => {
    const record = (text: string, annotation: unknown, status = 'Validated') => ({
      text,
      inputs: { text },
      prediction: null,
      annotation,
      status,
    });
    const data = await folder.read(
      'a.jsonl',
      lines(
        record('fine', 'good'),
        record('dull', 'bad'),
        record('odd', 'bad', 'Discarded'),
        record('new', null, 'Default'),
      ),
    );
    expect(truths(data)).toEqual([
      ['fine', 'good'],
      ['dull', 'bad'],
    ]);
    expect(data.notes?.passedOver).toEqual([{ what: 'discarded records', count: 1, examples: ['a.jsonl:3'] }]);
    expect(data.unlabelled).toEqual([{ id: 'a.jsonl:4', reason: 'the label is empty' }]);
  });

  it('is read from version 2, by fields and responses', async () => {
    const record = (text: string, ...values: (readonly [unknown, string])[]) => ({
      fields: { text },
      responses: { mood: values.map(([value, status]) => ({ value, status, user_id: 'u' })) },
    });
    const data = await folder.read(
      'a.jsonl',
      lines(
        record('fine', ['good', 'submitted'], ['bad', 'draft']),
        record('dull', ['bad', 'submitted']),
        record('odd', ['bad', 'discarded']),
        record('new'),
      ),
    );
    expect(truths(data)).toEqual([
      ['fine', 'good'],
      ['dull', 'bad'],
    ]);
    expect(data.notes?.passedOver).toMatchObject([{ count: 1, examples: ['a.jsonl:3'] }]);
    expect(data.unlabelled).toMatchObject([{ id: 'a.jsonl:4' }]);
  });
});

describe('Prodigy', () => {
  it('is read with what was accepted', async () => {
    const data = await folder.read(
      'p.jsonl',
      lines(
        { text: 'fine', label: 'good', answer: 'accept', _task_hash: 1 },
        { text: 'dull', label: 'good', answer: 'reject', _task_hash: 2 },
        { text: 'poor', label: 'bad', answer: 'accept', _task_hash: 3 },
        { text: 'odd', label: 'bad', answer: 'ignore', _task_hash: 4 },
      ),
    );
    expect(truths(data)).toEqual([
      ['fine', 'good'],
      ['poor', 'bad'],
    ]);
    expect(data.notes?.passedOver).toEqual([
      { what: 'answers "reject"', count: 1, examples: ['p.jsonl:2'] },
      { what: 'answers "ignore"', count: 1, examples: ['p.jsonl:4'] },
    ]);
  });

  it('takes what was chosen from options, one each as single labels', async () => {
    const record = (text: string, ...accept: string[]) => ({
      text,
      options: [{ id: 'good' }, { id: 'bad' }],
      accept,
      answer: 'accept',
    });
    const one = await folder.read('p.jsonl', lines(record('fine', 'good'), record('dull', 'bad')));
    expect(truths(one)).toEqual([
      ['fine', 'good'],
      ['dull', 'bad'],
    ]);
    const several = await folder.read('p.jsonl', lines(record('fine', 'good'), record('so so', 'good', 'bad')));
    expect(truths(several)[1]).toEqual(['so so', ['bad', 'good']]);
  });

  it('says what is left out where one class is left', async () => {
    const content = lines(
      { text: 'fine', label: 'good', answer: 'accept' },
      { text: 'dull', label: 'good', answer: 'reject' },
    );
    await refusalOf(folder.read('p.jsonl', content), 'target-too-small', '1 answers "reject"', '"good"');
  });
});

describe('further layouts', () => {
  it("are spaCy's categories", async () => {
    const one = lines({ text: 'fine', cats: { good: 1, bad: 0 } }, { text: 'dull', cats: { good: 0, bad: 1 } });
    expect(truths(await folder.read('s.jsonl', one))).toEqual([
      ['fine', 'good'],
      ['dull', 'bad'],
    ]);
    const several = lines(
      { text: 'fine', cats: { good: 0.9, new: true, bad: 0.1 } },
      { text: 'dull', cats: { good: 0, new: false, bad: 1 } },
    );
    expect(truths(await folder.read('s.jsonl', several))[0]).toEqual(['fine', ['good', 'new']]);
  });

  it("are doccano's, old and new", async () => {
    const old = lines(
      { id: 1, text: 'fine', annotations: [{ label: 2, user: 1 }] },
      { id: 2, text: 'dull', annotations: [{ label: 1, user: 1 }] },
      { id: 3, text: 'new', annotations: [] },
    );
    const data = await folder.read('d.jsonl', old);
    expect(truths(data)).toEqual([
      ['fine', '2'],
      ['dull', '1'],
    ]);
    expect(data.unlabelled).toEqual([{ id: 'd.jsonl:3', reason: 'nobody has labelled it' }]);
    const recent = await folder.read(
      'n.jsonl',
      lines(
        { id: 1, text: 'fine', label: ['good'], Comments: [] },
        { id: 2, text: 'dull', label: ['bad'], Comments: [] },
      ),
    );
    expect(truths(recent)).toEqual([
      ['fine', 'good'],
      ['dull', 'bad'],
    ]);
    expect(remarks(recent)).toContain('labels-per-text=several');
  });

  it('are intents with what people say for them, a row for each', async () => {
    const content = lines(
      { tag: 'hello', patterns: ['Hi', 'Good day'], responses: ['Hello!'] },
      { tag: 'bye', patterns: ['See you'], responses: ['Bye!'] },
    );
    const data = await folder.read('intents.jsonl', content);
    expect(truths(data)).toEqual([
      ['Hi', 'hello'],
      ['Good day', 'hello'],
      ['See you', 'bye'],
    ]);
    expect(new Set(data.samples.map(({ sample }) => sample.id)).size).toBe(3);
  });

  it('are files of fastText, with one label or several', async () => {
    const one = await folder.read('train.txt', '__label__good fine, and well\n\n__label__bad dull\n');
    expect(truths(one)).toEqual([
      ['fine, and well', 'good'],
      ['dull', 'bad'],
    ]);
    expect(await textTable.detect(`${folder.root}/train.txt`)).toBeGreaterThan(0.5);
    const several = await folder.read('train.txt', '__label__good __label__new fine\n__label__bad dull\n');
    expect(truths(several)[0]).toEqual(['fine', ['good', 'new']]);
  });
});

describe('what is known and not read', () => {
  it.each([
    [
      'c.jsonl',
      lines({
        messages: [
          { role: 'user', content: 'fine' },
          { role: 'assistant', content: 'good' },
        ],
      }),
      'chats',
    ],
    ['s.jsonl', lines({ conversations: [{ from: 'human', value: 'fine' }] }), 'chats'],
    ['d.jsonl', lines({ text: 'Ann sings', label: [[0, 3, 'PER']] }, { text: 'no', label: [] }), 'doccano'],
    [
      'e.jsonl',
      lines({ text: 'Ann sings', entities: [{ start_offset: 0, end_offset: 3, label: 'PER' }] }),
      'named entities',
    ],
    ['t.jsonl', lines({ tokens: ['Ann', 'sings'], ner_tags: [1, 0] }), 'CoNLL'],
    ['q.jsonl', lines({ question: 'who', context: 'Ann sings', answers: { text: ['Ann'] } }), 'SQuAD'],
    ['i.jsonl', lines({ instruction: 'sing', input: '', output: 'la' }), 'Alpaca'],
    ['p.jsonl', lines({ prompt: 'sing', chosen: 'la', rejected: 'no' }), 'preferred'],
    ['n.conll', 'Ann B-PER\nsings O\n\nBob B-PER\n', 'CoNLL'],
    ['n.txt', '-DOCSTART- -X- O O\n\nAnn NNP B-NP B-PER\nsings VBZ B-VP O\n\nBob NNP B-NP B-PER\n', 'CoNLL'],
    ['nlu.yml', 'version: "3.1"\nnlu:\n- intent: hello\n  examples: |\n    - hi\n', 'Rasa'],
    ['dump.sql', "CREATE TABLE r (t text, l text);\nINSERT INTO r VALUES ('a','x');\n", 'dump of a database'],
    ['t.pkl', Buffer.from([0x80, 4, 0x95]), 'pickle'],
    ['t.arrow', Buffer.from('ARROW1\0\0'), 'Arrow'],
  ] as const)('is named: %s', async (name, content, layout) => {
    const path = await folder.put(name, content);
    expect(await textTable.detect(path)).toBe(0);
    const recognised = await textTable.recognise!(path);
    expect(recognised?.layout).toContain(layout);
    await refusalOf(textTable.read(path, options), 'target-unreadable', layout, recognised!.hint);
  });

  it('is not what has a label beside it', async () => {
    const intents = lines(
      { text: 'to Rome', intent: 'travel', entities: [{ start: 3, end: 7 }] },
      { text: 'hi', intent: 'hello', entities: [] },
    );
    expect(truths(await folder.read('r.jsonl', intents))).toEqual([
      ['to Rome', 'travel'],
      ['hi', 'hello'],
    ]);
    expect(await textTable.recognise!(`${folder.root}/r.jsonl`)).toBeUndefined();
  });
});
