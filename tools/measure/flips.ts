/**
 * Every kind of file that Headstart stores, with one bit of it flipped at a time, drawn by a fixed seed: what a run on
 * points keeps (features, checkpoint, run file, model), weights of torch.save, and the folder of a text model with its
 * tokeniser. A flipped bit is to be told and to change no result. Ends with 1 where one does.
 *
 *   npm run measure -- flips [points|texts] [flips=100]
 */
import { silentProgress } from '@headstart/core';
import { plainBackend } from '@headstart/core/testing';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose } from '../workspace/compose.ts';
import { workspaceRoot } from '../workspace/root.mjs';
import { flipBits, type StoredFile } from './flips/flip-bits.ts';
import { pointFiles, torchFile } from './flips/point-files.ts';

const words = process.argv.slice(2);
const parts = words.filter((word) => !word.includes('='));
const flips = Number(/^flips=(\d+)$/.exec(words.find((word) => word.includes('=')) ?? 'flips=100')?.[1]);
if (!(flips > 0) || parts.some((part) => part !== 'points' && part !== 'texts')) {
  console.error('Usage: npm run measure -- flips [points|texts] [flips=100]');
  process.exit(2);
}
const wants = (part: string) => parts.length === 0 || parts.includes(part);
const root = await mkdtemp(join(tmpdir(), 'headstart-flips-'));
let wrong = 0;
try {
  const fixture = join(workspaceRoot, 'packages/core/src/formats/fixtures/tiny-zip.pth');
  if (wants('points')) await measure([...(await pointFiles(await plainBackend(), root)), torchFile(fixture, root)]);
  if (wants('texts')) {
    const headstart = await compose(silentProgress);
    try {
      await measure(await textFiles(headstart));
    } finally {
      await headstart.close();
    }
  }
} finally {
  await rm(root, { recursive: true });
}
process.exitCode = wrong > 0 ? 1 : 0;

async function measure(files: readonly StoredFile[]): Promise<void> {
  for (const file of files) {
    const counts = await flipBits(file, flips);
    wrong += counts.wrong.length;
    console.log(
      `${file.name.padEnd(32)} ${counts.told} of ${flips} told, ${counts.harmless} changed nothing that is read, ${counts.wrong.length} wrong`,
    );
    for (const each of counts.wrong) console.log(`  ${each}`);
  }
}

/** The folder of a model of texts that brings everything along, on an encoder small enough to be read a thousand times. */
async function textFiles(headstart: Awaited<ReturnType<typeof compose>>): Promise<StoredFile[]> {
  const things = ['cat', 'dog', 'film', 'mat'];
  const rows = ['good', 'bad'].flatMap((label) =>
    things.flatMap((thing) => [`the ${thing} sat very ${label},${label}`, `a ${label} ${thing},${label}`]),
  );
  const source = `encoder:${join(workspaceRoot, 'packages/nlp/src/encoders/fixtures/bert')}`;
  const table = join(root, 'texts.csv');
  await writeFile(table, `text,label\n${rows.join('\n')}\n`);
  const out = join(root, 'texts');
  await headstart.train({ target: table, source, epochs: 5, standalone: true, out });
  const whole = `${out}-whole`;
  await cp(out, whole, { recursive: true });
  const names = (await readdir(out, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(out.length + 1));
  return names.map((name) => ({
    name: `text model: ${name}`,
    path: join(out, name),
    restore: () => cp(join(whole, name), join(out, name)),
    async use() {
      const model = await headstart.load(out);
      try {
        return { result: JSON.stringify(await model.predict(['a good film', 'the bad cat'])), told: false };
      } finally {
        model.dispose();
      }
    },
  }));
}
