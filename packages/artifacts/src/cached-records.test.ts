import { describe, expect, it } from 'vitest';
import { isCachedFile, isCachedPackage } from './cached-records.ts';

const stored = { sha256: 'a', bytes: 3, modified: '1', inode: '2' };
const file = { ...stored, uri: 'https://x/y', file: 'y', via: 'https', strip: 0 };
const whole = { uri: 'npm:a@1.0.0', archiveSha256: 'b', covers: [''], files: { 'c/d.txt': stored } };

describe('records of the cache', () => {
  it('are taken as they are written', () => {
    expect(isCachedFile(file)).toBe(true);
    expect(isCachedPackage(whole)).toBe(true);
    expect(isCachedPackage({ ...whole, files: {} })).toBe(true);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a list', []],
    ['a text', 'npm:a@1.0.0'],
    ['one without an address', { ...file, uri: undefined }],
    ['one whose size is a text', { ...file, bytes: '3' }],
    ['one that strips more than a folder', { ...file, strip: 2 }],
    ['one of a file elsewhere', { ...file, file: '../y' }],
    ['one of the folder above', { ...file, file: '..' }],
  ])('of files are passed over where they are %s', (_, record) => expect(isCachedFile(record)).toBe(false));

  it.each<[string, unknown]>([
    ['nothing', null],
    ['one that covers no list', { ...whole, covers: 'some' }],
    ['one that covers what is no path', { ...whole, covers: [''].concat([['deep']] as never) }],
    ['one whose files are a list', { ...whole, files: [stored] }],
    ['one without files', { ...whole, files: null }],
    ['one of a file elsewhere', { ...whole, files: { '../c': stored } }],
    ['one of a file without a digest', { ...whole, files: { c: { ...stored, sha256: 1 } } }],
  ])('of packages are passed over where they are %s', (_, record) => expect(isCachedPackage(record)).toBe(false));
});
