import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { givenInputs, singleInputs } from './given-inputs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-given-'));
  await mkdir(join(folder, 'inner'));
  for (const name of ['b.png', 'a.jpg', 'inner/c.webp', '.hidden.png', 'notes.txt', 'rows.csv', 'rows.jsonl.gz'])
    await writeFile(join(folder, name), 'x');
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const itself = (name: string) => ({ name, input: name });

it('takes pictures by path, folder, address, table and standard input', async () => {
  const stdin = Readable.from([Buffer.from('pic'), Buffer.from('ture')]);
  const words = ['gone.png', folder, 'data:image/png;base64,AA==', at('rows.csv'), 'https://example.org/a.png', '-'];
  expect(await givenInputs(words, 'image', { stdin })).toEqual([
    itself('gone.png'),
    ...['a.jpg', 'b.png', 'inner/c.webp'].map((name) => itself(at(name))),
    { name: words[2], input: new URL(words[2]!) },
    { target: at('rows.csv') },
    { name: words[4], input: new URL(words[4]!) },
    { name: '-', input: Buffer.from('picture') },
  ]);
  await expect(givenInputs(['-'], 'image', { stdin: Readable.from([]) })).rejects.toMatchObject({
    code: 'target-empty',
  });
  await expect(givenInputs([at('inner/c.webp'), at('inner')], 'image')).resolves.toHaveLength(2);
});

it('takes of a folder what training takes: every kind of picture and links to them, nothing in hidden folders', async () => {
  const pictures = join(folder, 'inner', 'kinds');
  await mkdir(join(pictures, '.thumbnails'), { recursive: true });
  for (const name of ['1.bmp', '2.jfif', '3.ppm', '4.HEIC', '.thumbnails/5.jpg', '._6.jpg'])
    await writeFile(join(pictures, name), 'x');
  await symlink(join(pictures, '1.bmp'), join(pictures, '7.png'));
  const found = await givenInputs([pictures], 'image');
  await rm(pictures, { recursive: true });
  expect(found).toEqual(['1.bmp', '2.jfif', '3.ppm', '4.HEIC', '7.png'].map((name) => itself(join(pictures, name))));
});

it('takes texts as they are, lines of standard input, tables and folders, and no file in place of a text', async () => {
  const stdin = Readable.from(['one\ntwo\n']);
  const url = 'https://example.org/a';
  const words = ['Great: sound.', url, '-', at('rows.jsonl.gz'), folder, ''];
  expect(await givenInputs(words, 'text', { stdin })).toEqual([
    itself('Great: sound.'),
    itself(url),
    itself('one'),
    itself('two'),
    { target: at('rows.jsonl.gz') },
    { target: folder },
    itself(''),
  ]);
  expect(await givenInputs([url, `file://${at('notes.txt')}`], 'text', { allowHttp: true })).toEqual([
    { name: url, input: new URL(url) },
    { name: `file://${at('notes.txt')}`, input: new URL(`file://${at('notes.txt')}`) },
  ]);
  for (const file of ['notes.txt', 'b.png'])
    await expect(givenInputs([at(file)], 'text')).rejects.toMatchObject({
      code: 'invalid-option',
      message: `${at(file)} is a file, and the model takes texts.`,
    });
  await expect(singleInputs([at('rows.csv')], 'text')).rejects.toMatchObject({ code: 'not-supported' });
});
