import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { createGunzip } from 'node:zlib';
import { openToRead } from '../storage/file-handles.ts';
import { readZip } from './read-zip.ts';

/** An archive of files, told by its content. */
export interface ArchiveForm {
  /** Such as `zip`, `tar.gz`, `7z`. */
  readonly name: string;
  /** Whether `Artifacts.package` unpacks it. */
  readonly unpacked: boolean;
}

const OTHERS: readonly (readonly [name: string, magic: RegExp])[] = [
  ['7z', /^377abcaf271c/],
  ['rar', /^526172211a07/],
  ['xz', /^fd377a585a00/],
  ['zstd', /^28b52ffd/],
  ['bzip2', /^425a683[1-9]314159265359/],
  ['cab', /^4d534346/],
];
/** Files that are zips inside and archives to nobody: documents, programs, weights. */
const DOCUMENTS = new Set(
  '.xlsx .xlsm .xlsb .docx .pptx .odt .ods .odp .epub .numbers .pages .key .jar .apk .whl .npz .pt .pth .ckpt .keras .kmz'.split(
    ' ',
  ),
);
const DOCUMENT_PARTS = new Set(['[Content_Types].xml', 'mimetype', 'META-INF/MANIFEST.MF']);

const BLOCK = 512;

/**
 * Which archive a file is: a zip, a tar, a tar.gz, or one that is not unpacked. Undefined for any other file, also for one
 * that is a zip inside and a document to its users, and for a gzip file that holds no tar.
 * @throws what opening the file throws
 */
export async function archiveForm(path: string): Promise<ArchiveForm | undefined> {
  const head = await headOf(path);
  const magic = head.toString('hex');
  if (/^504b(?:0304|0506)/.test(magic)) {
    return (await isDocument(path)) ? undefined : { name: 'zip', unpacked: true };
  }
  if (magic.startsWith('1f8b'))
    return isTarHeader(await gunzipped(path)) ? { name: 'tar.gz', unpacked: true } : undefined;
  if (isTarHeader(head)) return { name: 'tar', unpacked: true };
  const other = OTHERS.find(([, start]) => start.test(magic));
  return other && { name: other[0], unpacked: false };
}

async function headOf(path: string): Promise<Buffer> {
  await using file = await openToRead(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(BLOCK), 0, BLOCK, 0);
  return buffer.subarray(0, bytesRead);
}

/** Whether a block's checksum is that of a tar's header (POSIX.1-1988, also before ustar). */
function isTarHeader(block: Buffer): boolean {
  if (block.length < BLOCK) return false;
  const written = /^[\0 ]*([0-7]+)[\0 ]/.exec(block.toString('latin1', 148, 156) + '\0')?.[1];
  if (written === undefined) return false;
  const sum = block.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return sum === parseInt(written, 8);
}

/** The first block of what a gzip file holds; empty where it is damaged. */
async function gunzipped(path: string): Promise<Buffer> {
  const source = createReadStream(path, { highWaterMark: 2 ** 14 });
  const gunzip = createGunzip();
  source.on('error', (cause) => gunzip.destroy(cause));
  source.pipe(gunzip);
  const parts: Buffer[] = [];
  try {
    let length = 0;
    for await (const part of gunzip as AsyncIterable<Buffer>) {
      parts.push(part);
      length += part.length;
      if (length >= BLOCK) break;
    }
  } catch {
    return Buffer.alloc(0);
  } finally {
    source.destroy();
    gunzip.destroy();
  }
  return Buffer.concat(parts).subarray(0, BLOCK);
}

async function isDocument(path: string): Promise<boolean> {
  if (DOCUMENTS.has(extname(path).toLowerCase())) return true;
  try {
    for await (const { name } of readZip(path, path)) if (DOCUMENT_PARTS.has(name)) return true;
  } catch {
    // Unpacking says what is wrong with it.
  }
  return false;
}
