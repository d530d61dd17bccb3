import { createReadStream } from 'node:fs';
import { pipeline, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import * as tar from 'tar-stream';
import { HeadstartError } from '../errors/headstart-error.ts';
import { storageError } from '../errors/storage-error.ts';
import { archiveInvalid, tooLarge } from '../artifact-errors.ts';
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

export interface TarOptions {
  gzip: boolean;
  /** The most bytes that may come out. */
  maxBytes: number;
  /** Once `ratioFrom` bytes are out, no more than `maxRatio` times those that went in. */
  maxRatio: number;
  ratioFrom: number;
}

/** The entries of a tar or tar.gz in their order. Names are given as they stand. */
export async function* readTar(path: string, label: string, options: TarOptions): AsyncGenerator<ArchiveEntry> {
  const extract = tar.extract();
  const source = createReadStream(path, { highWaterMark: 2 ** 18 });
  const { maxBytes, maxRatio, ratioFrom } = options;
  const bound = (seen: number) =>
    seen > ratioFrom && seen > maxRatio * source.bytesRead ? maxRatio * source.bytesRead : maxBytes + OVERHEAD;
  const stages = [source, ...(options.gzip ? [createGunzip()] : []), bounded(bound, label), extract];
  // Whatever fails on the way destroys `extract`, whose iteration then ends; the reason is kept here.
  const flow = new Promise<Error | null | undefined>((resolve) =>
    pipeline(stages as unknown as NodeJS.ReadWriteStream[], resolve),
  );
  const close = async () => {
    source.destroy();
    extract.destroy();
    return flow;
  };
  const failed = async (cause: unknown): Promise<unknown> => {
    const first = await close();
    const telling = first && (first as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE' ? first : cause;
    if (HeadstartError.is(telling)) return telling;
    if (typeof (telling as NodeJS.ErrnoException).syscall === 'string') return storageError('read', path, telling);
    return archiveInvalid(label, telling instanceof Error ? telling.message : String(telling), telling);
  };
  async function* content(entry: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
    try {
      yield* entry as AsyncIterable<Buffer>;
    } catch (cause) {
      throw await failed(cause);
    }
  }
  try {
    for await (const entry of extract) {
      const { name, type } = entry.header;
      const kind = type === 'file' || type === 'contiguous-file' ? 'file' : type === 'directory' ? 'folder' : 'other';
      let opened = false;
      yield {
        name,
        kind,
        description: DESCRIPTIONS[String(type)] ?? `of an unknown kind (${String(type)})`,
        open() {
          opened = true;
          return content(entry);
        },
      };
      if (!opened) entry.resume();
    }
  } catch (cause) {
    throw await failed(cause);
  } finally {
    await close();
  }
}

/** Passes bytes on until there are more than allowed by then: also what is skipped must not go on for ever. */
function bounded(allowed: (seen: number) => number, label: string): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      const limit = allowed(seen);
      if (seen > limit) done(tooLarge(`What ${label} unpacks to`, limit));
      else done(null, chunk);
    },
  });
}
