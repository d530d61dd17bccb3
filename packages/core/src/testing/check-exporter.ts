import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { dispose, tidy } from '@tensorflow/tfjs-core';
import { encodeInputs, inputTensors } from '../data/encode-batch.ts';
import type { OpenOptions } from '../domains/source-domain.ts';
import type { ExportedModel, Exporter } from '../export/exporter.ts';
import type { HostTensors } from '../network/tensors.ts';
import { named } from '../plugins/owner.ts';
import { Registries } from '../plugins/registries.ts';
import type { Backend } from '../ports/backend.ts';
import { CORE_VERSION } from '../ports/version.ts';
import { openBench, type Bench } from './bench.ts';
import { checkingBackend } from './plain-backend.ts';
import { pointDomain } from './point-domain.ts';
import { expectMeant, expectRefused, expectThat, failureOf, holdTo, isMeant, messageOf, type Rule } from './rules.ts';
import type { SmallDomain } from './trial-transfer.ts';
import { watchingFiles } from './watched-files.ts';

/** What the conformance kit tries an exporter on. */
export interface ExporterCheck {
  /** Parts of the model that it writes, which need not be trained; a small one of points where absent. */
  readonly domain?: SmallDomain;
  /** What the network starts from; `none` where a test should fetch none. */
  readonly weights?: OpenOptions['weights'];
  /** Models that the format cannot hold, to be refused. */
  readonly unsupported?: readonly ExportedModel[];
  /**
   * Runs what was written, in the program that it is for: gives the network's outputs by name, row-major, for inputs of so many samples. They are
   * compared with the model's own.
   */
  readonly run?: (exported: {
    readonly files: readonly string[];
    readonly inputs: HostTensors;
    readonly samples: number;
  }) => Promise<Readonly<Record<string, ArrayLike<number>>>>;
  /** See `checkTask`. */
  readonly backend?: Backend;
}

interface Trial extends Pick<ExporterCheck, 'run' | 'unsupported'> {
  readonly exporter: Exporter;
  readonly bench: Bench;
  readonly model: ExportedModel;
  /** A new, empty folder for a folder to be written in. */
  readonly parent: () => Promise<string>;
}

/** So many of its changes to the disk are made to fail, one by one. */
const FAILURES = 12;

const rules: readonly Rule<Trial>[] = [
  {
    rule: 'it writes the files that it names into the folder that it is given, and nothing else',
    async check({ exporter, model, parent }) {
      const folder = await parent();
      const target = join(folder, 'model');
      const { result: files, files: log } = await watchingFiles(() => exporter.write(model, target));
      const strange = log.written.find((path) => !path.startsWith(folder));
      expectThat(strange === undefined, `it writes ${strange}`);
      const left = await readdir(folder);
      expectThat(
        left.join() === 'model',
        `it leaves ${left.filter((name) => name !== 'model').join(', ') || 'nothing'} beside the folder`,
      );
      const [said, found] = [
        files.map((path) => relative(target, path)).sort(),
        [...(await contents(target)).keys()].sort(),
      ];
      expectThat(said.join() === found.join(), `it names ${said.join(', ')}; the folder holds ${found.join(', ')}`);
    },
  },
  {
    rule: 'it writes the same each time',
    async check({ exporter, model, parent }) {
      const [first, second] = [join(await parent(), 'model'), join(await parent(), 'other')];
      await exporter.write(model, first);
      await exporter.write(model, second);
      const [expected, found] = [await contents(first), await contents(second)];
      for (const [name, bytes] of expected)
        expectThat(found.get(name)?.equals(bytes) ?? false, `${name} differs the second time`);
    },
  },
  {
    rule: 'a folder with something in it is left as it is',
    async check({ exporter, model, parent }) {
      const folder = await parent();
      await writeFile(join(folder, 'own.txt'), 'own');
      await expectRefused('a folder with a file in it', () => exporter.write(model, folder));
      expectThat((await readdir(folder)).join() === 'own.txt', 'it writes into the folder all the same');
    },
  },
  {
    rule: 'a failure leaves nothing',
    async check({ exporter, model, parent }) {
      const whole = join(await parent(), 'model');
      const { files } = await watchingFiles(() => exporter.write(model, whole));
      const changes = files.written.length;
      for (let failing = 0; failing < changes; failing += Math.ceil(changes / FAILURES)) {
        const folder = await parent();
        let seen = 0;
        const error = await failureOf(() =>
          watchingFiles(
            () => exporter.write(model, join(folder, 'model')),
            (path) => {
              if (seen++ === failing)
                throw Object.assign(new Error(`ENOSPC: no space left on device, '${path}'`), { code: 'ENOSPC' });
            },
          ),
        );
        const left = await readdir(folder);
        if (error === undefined) {
          expectThat(
            left.join() === 'model',
            'it says that all is written where a change to the disk failed, and is not',
          );
          const [expected, found] = [await contents(whole), await contents(join(folder, 'model'))];
          expectThat(
            [...expected.keys()].every((name) => found.has(name)),
            'files are missing where a change to the disk failed',
          );
          continue;
        }
        expectThat(isMeant(error), `a full disk ends in an error without a code of its own: ${messageOf(error)}`);
        expectThat(left.length === 0, `it leaves ${left.join(', ')} where the disk is full`);
      }
    },
  },
  {
    rule: 'a model that the format cannot hold is refused',
    async check({ exporter, model, parent, unsupported = [] }) {
      for (const other of unsupported) {
        const folder = await parent();
        await expectRefused(`the model of "${other.task.id}"`, () => exporter.write(other, join(folder, 'model')));
        expectThat((await readdir(folder)).length === 0, 'it leaves something of a model that it refuses');
      }
      const folder = await parent();
      const encoder = Object.create(model.encoder, { rows: { value: 2, enumerable: true } }) as typeof model.encoder;
      const what = 'a model whose samples are two rows of inputs';
      if ((await expectMeant(what, () => exporter.write({ ...model, encoder }, join(folder, 'model')))) === 'refused')
        expectThat((await readdir(folder)).length === 0, `it leaves something of ${what}, which it refuses`);
    },
  },
  {
    rule: 'what it writes computes what the model computes',
    async check({ exporter, model, bench, parent, run }) {
      if (!run) return;
      const files = await exporter.write(model, join(await parent(), 'model'));
      const { samples } = bench;
      const batch = await encodeInputs(model.encoder, samples);
      const outputs = tidy(() => ({ ...bench.model.forward(inputTensors(model.encoder.inputs, batch)) }));
      try {
        const found = await run({ files, inputs: batch.inputs, samples: samples.length });
        for (const [name, output] of Object.entries(outputs)) {
          const values = await output.data<'float32'>();
          const own = found[name];
          expectThat(
            own?.length === values.length,
            `the output "${name}" has ${own?.length ?? 'no'} values where there are ${values.length}`,
          );
          const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
          const furthest = values.reduce((most, value, i) => Math.max(most, Math.abs(value - own![i]!)), 0);
          // Another program rounds and fuses in its own way; in single precision that stays far below this.
          expectThat(furthest <= 1e-3 * scale, `the output "${name}" is ${furthest} away at a scale of ${scale}`);
        }
      } finally {
        dispose(outputs);
      }
    },
  },
];

/**
 * The conformance test of an exporter: it writes the files that it names, the same each time, into a new folder and
 * nowhere else; a folder with something in it stays as it is, and a disk that is full leaves nothing behind; models that
 * the format cannot hold are refused by an error with a code; and what was written computes the same, where `run` says how.
 *
 * @throws Error naming the exporter and the first rule that it breaks
 */
export async function checkExporter(exporter: Exporter, check: ExporterCheck = {}): Promise<void> {
  const { domain = pointDomain(), weights, run, unsupported, backend } = check;
  await checkingBackend(backend);
  const part = named('export format', Object.assign(Object.create(exporter) as Exporter, { id: exporter.format }));
  await holdTo('checkExporter', part, {}, [{ rule: 'it keeps its contract', check: () => void guarded(exporter) }]);
  const root = await mkdtemp(join(tmpdir(), 'headstart-conformance-'));
  const bench = await openBench({ ...domain, weights });
  try {
    const { task, labels, backbone, head, encoder } = bench;
    const model: ExportedModel = { task, labels, backbone, head, encoder, headstart: CORE_VERSION };
    const parent = () => mkdtemp(join(root, 'export-'));
    await holdTo('checkExporter', part, { exporter: guarded(exporter), bench, model, parent, run, unsupported }, rules);
  } finally {
    bench.dispose();
    await rm(root, { recursive: true, force: true });
  }
}

/** A folder's files by their paths in it. */
async function contents(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(await Promise.all(files.map(async (path) => [relative(folder, path), await readFile(path)] as const)));
}

/** As models see it. */
function guarded(exporter: Exporter): Exporter {
  const registries = new Registries();
  registries.addExporter('under-test', exporter);
  return registries.exporters.list()[0]!.value;
}
