import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isWhole, jsonText, readRegular, sealed, writeAtomic } from '@headstart/artifacts/storage';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';
import { CARD_FILE, crossValidationSchema } from '../models/card-schema.ts';
import type { SourceFile } from '../models/source-files.ts';
import { hasCheckpoint } from '../training/checkpoint.ts';
import type { PluginVersion } from '../plugins/origin.ts';
import type { CrossValidation } from '../runs/cross-validation.ts';
import { requestSchema, type TransferRequest } from '../runs/request.ts';

const FILE = 'run.json';
/** The names that `writeAtomic` gives to what it has not finished, for the files of a run and its model. */
const UNFINISHED =
  /^\.(run\.json|checkpoint\.safetensors|model\.json|weights\.safetensors|history\.jsonl)\.(?:[0-9a-f]{12}-)?\d+-[0-9a-f]+\.tmp$/;

const schema = z.object({
  format: z.literal('headstart-run'),
  version: z.literal(1),
  runId: z.string(),
  /** The request with every choice filled in. */
  request: requestSchema,
  fingerprint: z.string(),
  backend: z.record(z.string(), z.string()),
  plugins: z.record(z.string(), z.object({ plugin: z.string(), version: z.string() })).optional(),
  crossValidation: crossValidationSchema.optional(),
  sourceFiles: z.array(z.object({ uri: z.string(), sha256: z.string() })).optional(),
});

/** What a run's folder says of the run, so that it can be resumed. */
export interface RunFile {
  readonly runId: string;
  readonly request: TransferRequest;
  /** The target's; a resume over other data is refused. */
  readonly fingerprint: string;
  readonly backend: Readonly<Record<string, string>>;
  /** Which plugin brought each part, in which version; runs of older versions do not say. */
  readonly plugins?: Readonly<Record<string, PluginVersion>>;
  /** What came of the folds before the model is trained on all samples. */
  readonly crossValidation?: CrossValidation;
  /** What the source was opened from, once it has been. */
  readonly sourceFiles?: readonly SourceFile[];
}

/** @throws HeadstartError `invalid-option` where the folder holds a model or another run */
export function checkRunFolder(directory: string): void {
  if (hasCheckpoint(directory) && !existsSync(join(directory, FILE)) && !existsSync(join(directory, CARD_FILE))) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `${directory} holds a checkpoint of a run whose ${FILE} is missing.`,
      hint: 'Delete the checkpoint, or give another --out; nothing was overwritten.',
    });
  }
  for (const file of [CARD_FILE, FILE]) {
    if (existsSync(join(directory, file))) {
      throw new HeadstartError({
        code: 'invalid-option',
        message: `${directory} already holds a ${file === FILE ? 'run' : 'model'} (${file}).`,
        hint:
          file === FILE
            ? `Continue it with --resume ${directory}, or give another --out.`
            : 'Give another --out; nothing was overwritten.',
      });
    }
  }
}

/** @throws HeadstartError `invalid-option` where the folder holds a model or another run */
export async function createRunFile(directory: string, run: RunFile): Promise<void> {
  checkRunFolder(directory);
  await writeRunFile(directory, run);
}

/**
 * Notes what the source was opened from, or holds a resumed run to it.
 * @throws HeadstartError `resume-mismatch` where other files were found in their place
 */
export async function noteSourceFiles(directory: string, sourceFiles: readonly SourceFile[]): Promise<void> {
  if (!existsSync(join(directory, FILE))) return; // trained only to be judged
  const run = await readRunFile(directory);
  if (!run.sourceFiles) return writeRunFile(directory, { ...run, sourceFiles });
  const named = ({ uri, sha256 }: SourceFile) => `${uri} (sha256 ${sha256.slice(0, 12)}…)`;
  const now = new Set(sourceFiles.map(named));
  const gone = run.sourceFiles.find((file) => !now.has(named(file)));
  if (!gone) return;
  throw new HeadstartError({
    code: 'resume-mismatch',
    message: `The run began with ${named(gone)} as a file of its source, which is another one now.`,
    hint: 'Put the file back (name the commit of a repository of the hub), or start a new run.',
  });
}

/** Writes the file in place of the one that is there. @throws HeadstartError `storage-*` */
export async function writeRunFile(directory: string, run: RunFile): Promise<void> {
  await writeAtomic(join(directory, FILE), sealed(jsonText({ format: 'headstart-run', version: 1, ...run }, 2)));
}

/** @throws HeadstartError `resume-mismatch` where the folder holds no run */
export async function readRunFile(directory: string): Promise<RunFile> {
  const path = join(directory, FILE);
  let text: string;
  try {
    text = (await readRegular(path)).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw storageError('read', path, error);
    throw new HeadstartError({
      code: 'resume-mismatch',
      message: existsSync(join(directory, CARD_FILE))
        ? `${directory} holds a finished model; there is nothing to resume.`
        : `${directory} holds no interrupted run (${FILE} is missing).`,
      hint: 'Give --resume the folder that the interrupted run printed.',
      cause: error,
    });
  }
  if (!isWhole(text)) {
    throw new HeadstartError({
      code: 'resume-mismatch',
      message: `${path} was damaged or changed: its checksum is not that of what it says.`,
      hint: 'Put the file back as it was, or start the run again in another folder; if nobody changed it, check the disk.',
    });
  }
  let parsed: z.infer<typeof schema>;
  try {
    parsed = schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new HeadstartError({
      code: 'resume-mismatch',
      message: `${path} does not describe a run.`,
      hint: 'Start the run again in another folder.',
      cause,
    });
  }
  return { ...parsed, request: parsed.request };
}

export async function removeRunFile(directory: string): Promise<void> {
  await rm(join(directory, FILE), { force: true });
}

/** Removes temporary files of a process that was killed while it wrote into the run's folder. */
export async function removeUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (UNFINISHED.test(name)) await rm(join(directory, name), { force: true });
  }
}

/** After a failure before the first checkpoint: leaves nothing behind. */
export async function discardUnstarted(directory: string): Promise<void> {
  if (hasCheckpoint(directory)) return;
  await removeRunFile(directory);
  const left = await readdir(directory).catch(() => ['?']);
  if (left.length === 0) await rmdir(directory);
}
