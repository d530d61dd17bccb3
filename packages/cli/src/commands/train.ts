import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { Headstart, TransferRequest, TransferResult } from '@headstart/core';
import type { CrossValidatedResult } from '@headstart/core/trials';
import { withHeadstart, withRegistries, type CommandHost } from '../command-host.ts';
import { usage } from '../failures.ts';
import { interruptible } from '../interrupts.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { addFoldOptions, checkFoldFlags, type FoldFlags } from '../options/fold-options.ts';
import { addJsonOption } from '../options/json-option.ts';
import { addTransferOptions, transferRequest, type TransferFlags } from '../options/transfer-options.ts';
import { foldDocument } from '../files/out-of-fold-file.ts';
import { printReading } from '../terminal/reading.ts';
import { sayStart, trainingReport, type Given } from '../terminal/training-report.ts';
import { printPlan } from '../terminal/plan.ts';
import { printTransferResult } from '../terminal/transfer-result.ts';

type TrainFlags = TransferFlags &
  BackendChoice &
  FoldFlags & { adapt?: string; resume?: string; dryRun?: boolean; json?: boolean };

/** What a resumed run may be given: all else stands in its folder. A run that diverged goes on with a lower rate. */
const withResume = new Set(['resume', 'learningRate', 'json', 'backend', 'device', 'threads', 'memoryLimit']);

export function trainCommand(host: CommandHost): Command {
  const command = new Command('train')
    .description('carry what a model knows over to your data: one transfer')
    .argument('[target]', 'a path, or the name of a data set (see headstart datasets)');
  addFoldOptions(addTransferOptions(command))
    .option('--resume <dir>', 'continue the interrupted run in this folder')
    .option('--dry-run', 'print every choice, the phases and their work, and train nothing');
  addJsonOption(addBackendOptions(command));
  return command.action(async (target: string | undefined, flags: TrainFlags) => {
    checkFoldFlags(flags);
    if (flags.dryRun && flags.resume === undefined) return plan(host, target, flags);
    const result =
      flags.resume === undefined ? await train(host, target, flags) : await resume(host, flags.resume, target, flags);
    const folded = 'crossValidation' in result ? await foldDocument(host.console, result, flags) : undefined;
    if (flags.json) host.console.json({ ...resultDocument(result), ...folded });
    else printTransferResult(host.console, result);
  });
}

/** The request of a command line, its names looked up, and whether its target is a data set or a path. */
async function checkedRequest(host: CommandHost, target: string | undefined, flags: TrainFlags) {
  const { adapt } = flags;
  if (target === undefined)
    throw usage(
      'What to learn from is missing.',
      adapt === undefined
        ? 'Name a folder, a file or a data set: headstart train ./photos'
        : `Name labelled samples before those to adapt to: headstart train ./photos --adapt ${adapt}. Or give these alone to a model that you trained: headstart train ${adapt} --source model:<folder> --strategy shot`,
    );
  const request = transferRequest(target, flags);
  const { checkNames, checkTarget } = await import('@headstart/core/manifest');
  const kind = await withRegistries(host, async (registries) => {
    checkNames(registries, request);
    for (const other of [request.adapt, request.judge]) if (other !== undefined) await checkTarget(registries, other);
    return checkTarget(registries, target);
  });
  return { request, kind };
}

async function plan(host: CommandHost, target: string | undefined, flags: TrainFlags): Promise<void> {
  const { request } = await checkedRequest(host, target, flags);
  const planned = await withHeadstart(host, flags, (headstart) => headstart.plan(request));
  printReading(host.console, planned);
  for (const { id, reason } of planned.skipped) host.console.say(`Skipped ${id}: ${reason}`);
  if (flags.json) host.console.json(planned);
  else printPlan(host.console, planned);
}

type Trained = TransferResult | CrossValidatedResult;

async function train(host: CommandHost, target: string | undefined, flags: TrainFlags): Promise<Trained> {
  // Plugins and the backend take a second or two until there is more to say.
  if (target !== undefined) sayStart(host.console, 'reading', target);
  const { request, kind } = await checkedRequest(host, target, flags);
  const given = new Set(Object.keys(flags).map(optionName));
  // A data set brings its reader.
  if (kind === 'dataset') given.add('reader');
  return run<Trained>(
    host,
    flags,
    (option) => given.has(option),
    (headstart, options) =>
      flags.folds === undefined
        ? headstart.train(request, options)
        : headstart.crossValidate(request, { folds: flags.folds, repeats: flags.repeats }, options),
  );
}

async function resume(
  host: CommandHost,
  directory: string,
  target: string | undefined,
  flags: TrainFlags,
): Promise<TransferResult> {
  const extra = Object.keys(flags).filter((name) => !withResume.has(name));
  if (target !== undefined || extra.length > 0) {
    const what = target !== undefined ? `the target ${target}` : `--${optionName(extra[0]!)}`;
    throw usage(
      `--resume continues a run as it was started, so ${what} has no effect.`,
      'Leave it out, or start a new run without --resume.',
    );
  }
  sayStart(host.console, 'resuming', directory);
  // What the run chose stands: there is nothing to override.
  return run(
    host,
    flags,
    () => true,
    (headstart, options) =>
      headstart.resume(directory, { ...options, learningRate: flags.learningRate as TransferRequest['learningRate'] }),
  );
}

/** `learningRate` as it is written on the command line. */
function optionName(flag: string): string {
  return flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

type RunOptions = NonNullable<Parameters<Headstart['train']>[1]>;

async function run<Result extends Trained>(
  host: CommandHost,
  choice: BackendChoice,
  given: Given,
  start: (headstart: Headstart, options: RunOptions) => Promise<Result>,
): Promise<Result> {
  const report = trainingReport(host.console, given);
  try {
    return await withHeadstart(host, choice, (headstart) =>
      interruptible(host.console, (signal) => start(headstart, { events: report.events, signal })),
    );
  } catch (error) {
    throw await goOn(error, report.directory);
  }
}

/** Adds to a failure that left a run to continue how that is done. */
async function goOn(error: unknown, directory: string | undefined): Promise<unknown> {
  if (!HeadstartError.is(error) || directory === undefined) return error;
  const { code, message } = error;
  const command = `headstart train --resume ${directory}`;
  if (code === 'interrupted')
    return new HeadstartError({ code, message, hint: `Continue with: ${command}`, cause: error });
  if (!code.startsWith('storage-') || !(await stat(join(directory, 'run.json')).catch(() => undefined))) return error;
  return new HeadstartError({
    code,
    message,
    hint: `${error.hint} Then go on from the last checkpoint: ${command}`,
    cause: error,
  });
}

function resultDocument({
  runId,
  task,
  source,
  target,
  strategy,
  seed,
  backend,
  device,
  metrics,
  intervals,
  seconds,
  samples,
  setting,
  unlabelled,
  chosen,
  selection,
  skipped,
  calibration,
  decision,
  model,
}: TransferResult) {
  return {
    runId,
    task,
    source,
    target,
    strategy,
    seed,
    backend,
    device,
    metrics,
    intervals,
    seconds,
    samples,
    setting,
    unlabelled,
    chosen,
    selection,
    skipped,
    calibration,
    decision,
    model,
  };
}
