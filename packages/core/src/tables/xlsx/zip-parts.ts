import * as yauzl from 'yauzl';
import { HeadstartError } from '@headstart/artifacts/errors';
import { openZip } from '@headstart/artifacts/storage';
import { buffer } from 'node:stream/consumers';

/** A zip of more parts than this is none of a spreadsheet's. */
const MOST_PARTS = 100_000;

/** The parts of a zip file that is one document, by their names. */
export class ZipParts {
  private constructor(
    private readonly path: string,
    private readonly source: string | Buffer,
    readonly names: readonly string[],
  ) {}

  /**
   * @param source the file's path, or its bytes; `path` is named in errors
   * @throws HeadstartError `target-unreadable`
   */
  static async open(path: string, source: string | Buffer): Promise<ZipParts> {
    return new ZipParts(
      path,
      source,
      await withZip(path, source, async (zip) => {
        const names: string[] = [];
        for await (const entry of zip.eachEntry()) {
          if (names.push(entry.fileName) > MOST_PARTS) throw new Error(`it has more than ${MOST_PARTS} parts`);
        }
        return names;
      }),
    );
  }

  /**
   * A part in pieces; nothing where there is no such part.
   * @param largest bytes that it may unpack to
   * @throws HeadstartError `target-unreadable`
   */
  async *chunks(name: string, largest: number): AsyncGenerator<Buffer> {
    const zip = await opened(this.path, this.source);
    try {
      for await (const entry of zip.eachEntry()) {
        if (entry.fileName !== name) continue;
        if (entry.uncompressedSize > largest)
          throw new Error(`its part ${name} unpacks to more than ${largest / 2 ** 20} MiB`);
        // The stream is held to the size that the entry states.
        yield* (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>;
        return;
      }
    } catch (cause) {
      throw damaged(this.path, cause);
    } finally {
      zip.close();
    }
  }

  /** A part as a whole. @throws HeadstartError `target-unreadable` */
  whole(name: string, largest: number): Promise<Buffer> {
    return buffer(this.chunks(name, largest));
  }
}

async function withZip<T>(path: string, source: string | Buffer, work: (zip: yauzl.ZipFile) => Promise<T>): Promise<T> {
  const zip = await opened(path, source);
  try {
    return await work(zip);
  } catch (cause) {
    throw damaged(path, cause);
  } finally {
    zip.close();
  }
}

async function opened(path: string, source: string | Buffer): Promise<yauzl.ZipFile> {
  try {
    return await (typeof source === 'string'
      ? openZip(source)
      : yauzl.fromBufferPromise(source, { lazyEntries: true, autoClose: false }));
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause: unknown): HeadstartError {
  if (HeadstartError.is(cause)) return cause;
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is a zip that cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
    hint: 'Fetch or save the file again; it is cut off or damaged.',
    cause,
  });
}
