import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { silentProgress } from '@headstart/artifacts';
import type { Reader, ReadOptions } from '../domains/reader.ts';
import type { TargetData } from '../domains/target-domain.ts';
import { named } from '../plugins/owner.ts';
import { Registries } from '../plugins/registries.ts';
import { truthProblem } from '../plugins/target-problem.ts';
import type { Backend } from '../ports/backend.ts';
import { checkingBackend } from './plain-backend.ts';
import { expectMeant, expectRefused, expectThat, holdTo, type Rule } from './rules.ts';
import { watchingFiles } from './watched-files.ts';

/** What the conformance kit tries a reader on. */
export interface ReaderCheck {
  /** A few small samples in the reader's layout: a folder, or a file. They are copied before anything is altered. */
  readonly path: string;
  /** Data of other layouts, of which the reader is to be not sure at all; an empty and an unrelated folder are tried always. */
  readonly others?: readonly string[];
  /** Damaged data in the reader's layout, to be refused by an error with a code. */
  readonly bad?: readonly string[];
  /** The reader's own options. */
  readonly options?: Readonly<Record<string, string>>;
  /** See `checkTask`. */
  readonly backend?: Backend;
}

interface Trial extends ReaderCheck {
  readonly reader: Reader;
  /** A copy of the data that may be altered, and what is to be made beside it. */
  readonly copy: string;
  readonly folder: string;
  readonly read: (path: string, more?: Partial<ReadOptions>) => Promise<TargetData>;
}

/** So many files are damaged one by one. */
const FILES = 8;

const rules: readonly Rule<Trial>[] = [
  {
    rule: 'it recognises its layout, and no other',
    async check({ reader, path, folder, others = [] }) {
      const sure = await reader.detect(path);
      expectThat(sure > 0, `it is not sure at all of ${path}`);
      const again = await reader.detect(path);
      expectThat(sure === again, `it is sure of the same path by ${sure}, and then by ${again}`);
      const [empty, unrelated] = ['empty', 'unrelated'].map((name) => join(folder, name));
      await mkdir(empty!);
      await mkdir(join(unrelated!, 'deeper'), { recursive: true });
      for (const name of ['notes.unrelated', join('deeper', 'more.unrelated')])
        await writeFile(join(unrelated!, name), 'nothing that anybody reads');
      for (const other of [empty!, unrelated!, join(folder, 'missing'), ...others]) {
        const found = await reader.detect(other);
        expectThat(found === 0, `it is sure of ${basename(other)}, which is not its data, by ${found}`);
      }
    },
  },
  {
    rule: 'what it reads can be learned from',
    async check({ reader, path, read }) {
      const data = await read(path);
      const problem = truthProblem(data);
      expectThat(problem === undefined, problem ?? '');
      expectThat(data.samples.length > 0, 'it finds no sample');
      expectThat(data.reader === reader.id, `it says that "${data.reader}" read the data`);
      const ids = data.samples.map(({ sample }) => sample.id);
      const twice = ids.find((id, i) => ids.indexOf(id) < i);
      expectThat(twice === undefined, `two samples have the id "${twice}"`);
      expectThat(new Set(data.labels).size === data.labels.length, `a label is there twice: ${data.labels.join(', ')}`);
    },
  },
  {
    rule: 'it reads the same each time and wherever the data lie',
    async check({ path, copy, read }) {
      const first = summary(await read(path));
      expectThat(
        first === summary(await read(path)),
        'samples differ the second time, in their order or what is known of them',
      );
      expectThat(first === summary(await read(copy)), 'samples differ where the same data lie elsewhere');
    },
  },
  {
    rule: 'it reads what lies at the path, and alters nothing',
    async check({ copy, read }) {
      const inside = [copy, await realpath(copy)];
      const { files } = await watchingFiles(async () => summary(await read(copy)));
      const within = (path: string) => inside.some((root) => path === root || path.startsWith(root + sep));
      const strange = files.read.find((path) => !within(path) && !path.includes(`${sep}node_modules${sep}`));
      expectThat(strange === undefined, `it reads ${strange}`);
      expectThat(files.written.length === 0, `it writes ${files.written[0]}`);
    },
  },
  {
    rule: 'a changed byte of a file shows',
    async check(trial) {
      const { copy, read } = trial;
      const before = summary(await read(copy));
      for (const file of await filesRead(trial)) {
        const content = await readFile(file);
        const { atime, mtime } = await stat(file);
        const shows = async (place: number) => {
          const changed = Buffer.from(content);
          changed[Math.floor(place * (content.length - 1))]! ^= 1;
          await writeFile(file, changed);
          await utimes(file, atime, mtime); // it is the content that counts
          let after: string | undefined;
          const seen = await expectMeant(`${relative(copy, file)} with a changed byte`, async () => {
            after = summary(await read(copy));
          });
          return seen === 'refused' || after !== before;
        };
        const seen = content.length === 0 || (await shows(0.5)) || (await shows(0.75)) || (await shows(0.25));
        await writeFile(file, content);
        expectThat(
          seen,
          `digests and labels stay as they are when a byte of ${relative(copy, file) || basename(copy)} changes`,
        );
      }
    },
  },
  {
    rule: 'damaged data are refused by an error that is meant',
    async check(trial) {
      const { copy, read, bad = [], folder } = trial;
      await expectRefused('a path at which there is nothing', () => read(join(folder, 'missing')));
      for (const path of bad) {
        await expectRefused(path, () => read(path));
        await expectMeant(`${path}, bad samples left out,`, () => read(path, { skipBad: true }));
      }
      for (const file of await filesRead(trial)) {
        const content = await readFile(file);
        const damaged = {
          half: content.subarray(0, content.length >> 1),
          nothing: Buffer.alloc(0),
          noise: content.map((byte) => byte ^ 0xa5),
        };
        for (const [how, bytes] of Object.entries(damaged)) {
          await writeFile(file, bytes);
          const what = `${relative(copy, file) || basename(copy)} with ${how} in it`;
          await expectMeant(what, async () => summary(await read(copy)));
          await expectMeant(`${what}, bad samples left out,`, async () => summary(await read(copy, { skipBad: true })));
        }
        await writeFile(file, content);
      }
    },
  },
];

/**
 * The conformance test of a reader: it recognises its layout and nothing else; what it gives has ids, digests and labels
 * that can be learned from, the same each time and wherever the data lie; a byte that changes in a file which it opens
 * shows; it opens nothing outside the path and alters nothing; missing, cut and overwritten files end in errors with codes.
 *
 * @throws Error naming the reader and the first rule that it breaks
 */
export async function checkReader(reader: Reader, check: ReaderCheck): Promise<void> {
  await checkingBackend(check.backend);
  const part = named('reader', reader);
  await holdTo('checkReader', part, {}, [{ rule: 'it keeps its contract', check: () => void guarded(reader) }]);
  const own = guarded(reader);
  const folder = await mkdtemp(join(tmpdir(), 'headstart-conformance-'));
  try {
    const copy = join(folder, 'copy', basename(check.path));
    await cp(check.path, copy, { recursive: true });
    const { options = {} } = check;
    const read: Trial['read'] = (path, more) =>
      own.read(path, { skipBad: false, progress: silentProgress, options, ...more });
    await holdTo('checkReader', part, { ...check, reader: own, copy, folder, read }, rules);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Files that are opened when the data are read, a few of them. */
async function filesRead({ copy, read }: Trial): Promise<string[]> {
  const { files } = await watchingFiles(async () => summary(await read(copy)));
  const opened = new Set(files.read);
  const below = (await stat(copy)).isFile()
    ? [copy]
    : (await readdir(copy, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name));
  const chosen = below.filter((path) => opened.has(path)).sort();
  expectThat(chosen.length > 0, 'it opens no file: what the samples hold cannot be in their digests');
  const step = Math.max(1, Math.floor(chosen.length / FILES));
  return chosen.filter((_, i) => i % step === 0).slice(0, FILES);
}

/** All that is known of the samples, in order, but for where they lie. */
function summary({ labels, samples }: TargetData): string {
  const known = samples.map(({ sample: { id, digest, label, labels: several, score, objects }, split }) => [
    ...[id, digest, split, label, several, score, objects].map((member) => member ?? null),
  ]);
  return JSON.stringify([labels, known]);
}

/** As runs see it. */
function guarded(reader: Reader): Reader {
  const registries = new Registries();
  registries.addReader('under-test', reader);
  return registries.readers.list()[0]!.value;
}
