import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openZip } from './open-zip.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-zip-'));
});
afterAll(() => rm(folder, { recursive: true }));

const CONTENT = Buffer.alloc(150_000, 'content ');
const NAME = Buffer.from('a.bin');

/** A zip of one entry that is stored as it is, with the directory of ZIP64 (APPNOTE 4.3.6, 4.3.14). @param directoryAt where it says that this is */
function zip64(directoryAt?: bigint): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(45, 0);
  fields.writeUInt32LE(0xe9d44a6a, 10);
  fields.writeUInt32LE(CONTENT.length, 14);
  fields.writeUInt32LE(CONTENT.length, 18);
  fields.writeUInt16LE(NAME.length, 22);
  const entry = Buffer.concat([Buffer.from('PK\x03\x04'), fields, NAME, CONTENT]);
  const directory = Buffer.concat([Buffer.from('PK\x01\x02\x2d\x00'), fields, Buffer.alloc(14), NAME]);
  const end64 = Buffer.alloc(56);
  end64.write('PK\x06\x06', 'latin1');
  end64.writeBigUInt64LE(44n, 4);
  end64.writeBigUInt64LE(1n, 24);
  end64.writeBigUInt64LE(1n, 32);
  end64.writeBigUInt64LE(BigInt(directory.length), 40);
  end64.writeBigUInt64LE(BigInt(entry.length), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(directoryAt ?? BigInt(entry.length + directory.length), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22, 0xff);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt32LE(0, 4);
  end.writeUInt16LE(0, 20);
  return Buffer.concat([entry, directory, end64, locator, end]);
}

async function placed(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

describe('openZip', () => {
  it('reads entries, and ends when one is given up', async () => {
    const zip = await openZip(await placed('good.zip', zip64()));
    for await (const entry of zip.eachEntry()) {
      expect(entry.fileName).toBe('a.bin');
      expect((await buffer(await zip.openReadStreamPromise(entry))).equals(CONTENT)).toBe(true);
      const given = await zip.openReadStreamPromise(entry);
      for await (const _ of given) break;
      expect((await buffer(await zip.openReadStreamPromise(entry))).length).toBe(CONTENT.length);
    }
    zip.close();
  });

  it.each([2n ** 63n, 2n ** 56n + 8n, 10n ** 12n, BigInt(CONTENT.length + 200)])(
    'tells of a directory at %s, where there is none',
    async (at) => {
      await expect(openZip(await placed('far.zip', zip64(at)))).rejects.toThrow(/outside of the file|signature|EOF/);
    },
  );

  it('tells of a file that is none', async () => {
    await expect(openZip(await placed('none.zip', Buffer.from('no zip')))).rejects.toThrow();
    await expect(openZip(join(folder, 'missing.zip'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
