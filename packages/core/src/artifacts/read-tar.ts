import { createReadStream } from 'node:fs';
import { pipeline, Transform, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import * as tar from 'tar-stream';
import { HeadstartError } from '../errors/headstart-error.ts';
import { archiveInvalid, tooLarge } from './artifact-errors.ts';
import type { ArchiveEntry } from './unpack.ts';

const DESCRIPTIONS: Record<string, string> = {
  link: 'a hard link',
  symlink: 'a symbolic link',
  'character-device': 'a device',
  'block-device': 'a device',
  fifo: 'a pipe',
};

/** Headers and padding come on top of the files themselves. */
const OVERHEAD = 64 * 2 ** 20;

/** The entries of a tar or tar.gz in their order. Names are given as they stand. */
export async function* readTar(
  path: string,
  label: string,
  { gzip, maxBytes }: { gzip: boolean; maxBytes: number },
): AsyncGenerator<ArchiveEntry> {
  const extract = tar.extract();
  const source = createReadStream(path, { highWaterMark: 2 ** 18 });
  const stages = gzip ? [createGunzip(), bounded(maxBytes + OVERHEAD, maxBytes, label)] : [bounded(maxBytes + OVERHEAD, maxBytes, label)];
  // A failure on the way destroys `extract`, whose iteration below then throws it.
  pipeline([source, ...stages, extract] as unknown as [Readable, NodeJS.WritableStream], () => {});
  try {
    for await (const entry of extract) {
      const { name, type } = entry.header;
      const kind = type === 'file' || type === 'contiguous-file' ? 'file' : type === 'directory' ? 'folder' : 'other';
      let opened = false;
      yield {
        name,
        kind,
        description: DESCRIPTIONS[String(type)] ?? `of an unknown kind (${String(type)})`,
        open: async () => {
          opened = true;
          return entry as unknown as Readable;
        },
      };
      if (!opened) entry.resume();
    }
  } catch (cause) {
    if (cause instanceof HeadstartError || typeof (cause as NodeJS.ErrnoException).syscall === 'string') throw cause;
    throw archiveInvalid(label, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    source.destroy();
    extract.destroy();
  }
}

/** Passes bytes on until there are more than `limit`: also what is skipped must not go on for ever. */
function bounded(limit: number, shown: number, label: string): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > limit) done(tooLarge(`What ${label} unpacks to`, shown));
      else done(null, chunk);
    },
  });
}
