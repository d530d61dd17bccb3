import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileFinder } from './file-finder.ts';

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), 'headstart-finder-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), path);
  }
}

/** What a name finds among files below `set`, from there. */
async function found(written: string, roots = ['set']): Promise<string | undefined> {
  const path = await fileFinder(roots.map((each) => join(root, each))).find(written);
  return path === undefined ? undefined : relative(join(root, 'set'), path).normalize('NFC');
}

const CAFE = 'caf\u00e9';

describe('fileFinder', () => {
  it.each([
    ['as it is written', 'images/1.jpg', 'images/1.jpg'],
    ['with a dot before', './images/1.jpg', 'images/1.jpg'],
    ['with backslashes', 'images\\1.jpg', 'images/1.jpg'],
    ['as a path of another machine', '/data/me/set/images/1.jpg', 'images/1.jpg'],
    ['as a path of a Windows machine', 'C:\\Users\\me\\images\\1.jpg', 'images/1.jpg'],
    ['from a folder above', 'set/images/1.jpg', 'images/1.jpg'],
    ['with two dots', '../../label-studio/upload/4/1.jpg', 'images/1.jpg'],
    ['by its name alone', '1.jpg', 'images/1.jpg'],
    ['in a folder that is not there', 'photos/1.jpg', 'images/1.jpg'],
    ['with another case', 'IMAGES/1.JPG', 'images/1.jpg'],
    ['percent-coded', 'images/my%20%C3%A9.jpg', 'images/my \u00e9.jpg'],
    ['with a percent sign that encodes nothing', 'images/100%.jpg', 'images/100%.jpg'],
    ['as an address', 'https://example.org/set/images/1.jpg?size=2', 'images/1.jpg'],
    ['as an address of a file', 'file:///C:/set/images/my%20%C3%A9.jpg', 'images/my \u00e9.jpg'],
    ['as a local file of Label Studio', '/data/local-files/?d=images/my%20%C3%A9.jpg', 'images/my \u00e9.jpg'],
    ['deeper in the folder that is named', 'images/9.jpg', 'images/deep/9.jpg'],
  ])('finds a file %s', async (_, written, file) => {
    await put('set/images/1.jpg', 'set/images/my \u00e9.jpg', 'set/images/100%.jpg', 'set/images/deep/9.jpg');
    expect(await found(written)).toBe(file);
  });

  it.each([
    ['NFC', 'NFD'],
    ['NFD', 'NFC'],
  ])('finds a name in %s that is written in %s', async (stored, written) => {
    await put(`set/${CAFE.normalize(stored)}/${CAFE.normalize(stored)}.jpg`);
    expect(await found(`${CAFE}/${CAFE}.jpg`.normalize(written))).toBe(`${CAFE}/${CAFE}.jpg`);
    expect(await found(`${CAFE}.JPG`.normalize(written))).toBe(`${CAFE}/${CAFE}.jpg`);
  });

  it('takes what is written before what is alike: a percent sign, a case, a backslash', async () => {
    await put('set/a%20b.jpg', 'set/a b.jpg', 'set/A b.jpg', 'set/x\\y.jpg', 'set/x/y.jpg');
    expect(await found('a%20b.jpg')).toBe('a%20b.jpg');
    expect(await found('a b.jpg')).toBe('a b.jpg');
    expect(await found('x\\y.jpg')).toBe('x\\y.jpg');
  });

  it('takes no other file of the same name where the folder that is named lacks it', async () => {
    await put('set/train/1.jpg', 'set/val/2.jpg');
    expect(await found('train/2.jpg')).toBeUndefined();
    expect(await found('/data/me/train/2.jpg')).toBeUndefined();
    expect(await found('2.jpg')).toBe('val/2.jpg');
  });

  it('does not choose between files, and names them; a case or a root that singles one out does', async () => {
    await put('set/a/1.jpg', 'set/b/1.jpg', 'set/a/2.jpg', 'set/b/2.JPG');
    expect(await found('1.jpg')).toBeUndefined();
    expect(await found('/other/1.jpg')).toBeUndefined();
    const why = await fileFinder([join(root, 'set')]).whyNot('1.jpg');
    expect(why).toContain('2 files');
    expect(why).toContain(join(root, 'set/a/1.jpg'));
    expect(await found('b/1.jpg')).toBe('b/1.jpg');
    expect(await found('2.jpg')).toBe('a/2.jpg');
    expect(await found('/other/1.jpg', ['set', 'set/b'])).toBe('b/1.jpg');
  });

  it('says where it looked', async () => {
    await put('set/1.jpg');
    expect(await fileFinder([join(root, 'set')]).whyNot('2.jpg')).toBe(
      `there is no file 2.jpg in ${join(root, 'set')}, nor deeper`,
    );
  });

  it('finds nothing outside the roots but by a whole path; asks roots in their order', async () => {
    await put('other/1.jpg', 'set/x.txt', 'a/2.jpg', 'b/2.jpg', 'b/3.jpg');
    expect(await found('../other/1.jpg')).toBeUndefined();
    expect(await found('set/../../other/1.jpg')).toBeUndefined();
    expect(await found(join(root, 'other/1.jpg'))).toBe('../other/1.jpg');
    expect(await found('2.jpg', ['b', 'a'])).toBe('../b/2.jpg');
    expect(await found('../b/3.jpg', ['a', 'b'])).toBe('../b/3.jpg');
  });

  it.each(['', '.', '..', '/', '\0', 'images', `${'x'.repeat(300)}.jpg`])('finds nothing for %j', async (written) => {
    await put('set/images/1.jpg');
    expect(await found(written)).toBeUndefined();
  });

  it('passes over hidden files and is not caught by links that lead in a circle or nowhere', async () => {
    await put('set/.cache/1.jpg', 'set/in/2.jpg');
    await symlink('..', join(root, 'set/in/up'));
    await symlink('nowhere', join(root, 'set/in/3.jpg'));
    expect(await found('1.jpg')).toBeUndefined();
    expect(await found('x/2.jpg')).toBe('in/2.jpg');
  });
});
