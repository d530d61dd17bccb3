import { makeZip } from '@headstart/artifacts/testing';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { tableFolder } from './table-folder.test.support.ts';

const { open } = tableFolder();
const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const ole = (name: string) =>
  Buffer.concat([hex('d0cf11e0a1b11ae1'), Buffer.alloc(1024), Buffer.from(name, 'utf16le')]);

describe('formats that are not read', () => {
  it.each([
    ['an Excel workbook of before 2007', ole('Workbook'), '.xlsx'],
    ['an Excel workbook with a password', ole('EncryptedPackage'), 'password'],
    ['a Word document', ole('WordDocument'), 'spreadsheet'],
    ['an Arrow (Feather) file', Buffer.from('ARROW1\0\0....'), 'to_parquet'],
    ['an Arrow (Feather) file', hex('ffffffff 58010000 10000000'), 'to_parquet'],
    ['a pickle', hex('80049512000000'), 'any program'],
    ['an SQLite database', Buffer.from('SQLite format 3\0'), 'sqlite3'],
    ['a PDF document', Buffer.from('%PDF-1.7\n'), 'CSV'],
    ['an HDF5 file', hex('894844460d0a1a0a'), 'to_parquet'],
    ['packed with Zstandard', hex('28b52ffd0400'), 'unzstd'],
    ['packed with gzip twice', gzipSync(gzipSync('a,b\n')), 'gunzip'],
    ['a picture', hex('89504e470d0a1a0a'), 'folder'],
    ['a web page', Buffer.from('<!DOCTYPE html>\n<html>'), 'Download'],
    ['a web page', Buffer.from('<table border="1" class="dataframe">'), 'spreadsheet'],
    [
      'an Excel workbook in XML of 2003',
      Buffer.from('<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>'),
      '.xlsx',
    ],
    ['a pointer of Git LFS', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:1\n'), 'git lfs pull'],
    ['a Word document', makeZip([{ name: 'word/document.xml', data: 'x' }]), 'spreadsheet'],
    ['an OpenDocument file', makeZip([{ name: 'mimetype' }, { name: 'META-INF/manifest.xml' }]), '.xlsx'],
    ['a binary Excel workbook', makeZip([{ name: 'xl/workbook.bin' }]), '.xlsx'],
    ['a zip archive of 2 files (a.csv, b.csv)', makeZip([{ name: 'a.csv' }, { name: 'b.csv' }]), '.zip'],
  ])('names %s, whatever the file is called', async (name, content, hint) => {
    for (const called of ['t.csv', 't.xls', 't']) {
      await expect(open(content, called)).rejects.toMatchObject({
        code: 'target-unreadable',
        message: expect.stringContaining(`${called} is ${name}`) as string,
        hint: expect.stringContaining(hint) as string,
      });
    }
  });

  it('names a zip that is damaged', async () => {
    const zip = makeZip([{ name: 'xl/workbook.xml', data: 'x' }]);
    await expect(open(zip.subarray(0, 60), 't.xlsx')).rejects.toMatchObject({
      code: 'target-unreadable',
      message: expect.stringContaining('is a zip that cannot be read') as string,
    });
  });
});
