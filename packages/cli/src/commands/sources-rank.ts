import { Command, Option } from 'commander';
import { DEFAULT_SCORE, PREDICTION_SCORES, SCORES, wholeNumber, type Score } from '@headstart/core/options';
import type { RankRequest } from '@headstart/core/inference';
import { withHeadstart, withRegistries, type CommandHost } from '../command-host.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { addJsonOption } from '../options/json-option.ts';
import { addTransferOptions, transferRequest, type TransferFlags } from '../options/transfer-options.ts';
import { valueOf } from '../options/values.ts';
import { printRanking } from '../terminal/ranking.ts';

/** The options of a transfer that say how its data are read and split. */
const READING = [
  'task',
  'reader',
  'readerOptions',
  'skipBad',
  'clean',
  'seed',
  'split',
  'groupColumn',
  'groupBy',
] as const;

type RankFlags = TransferFlags & BackendChoice & { score?: Score; source?: string[]; samples?: number; json?: boolean };

export function sourcesRankCommand(host: CommandHost): Command {
  const command = new Command('rank')
    .description(
      'which source, and which of its layers, suits your data best: scored on frozen features, without training',
    )
    .argument('<target>', 'a path, or the name of a data set')
    .addOption(new Option('--score <name>', scoreHelp()).choices(SCORES))
    .option(
      '--source <id>',
      'a source to rank; repeatable; by default every registered one for such data',
      (id: string, before: string[] = []) => [...before, id],
    )
    .option(
      '--samples <n>',
      'score on at most so many training samples, drawn by class; by default 300',
      valueOf(wholeNumber(1)),
    );
  addTransferOptions(command, READING);
  addJsonOption(addBackendOptions(command));
  return command.action(async (target: string, flags: RankFlags) => {
    const { source: sources, score, samples, ...rest } = flags;
    const request: RankRequest = {
      ...transferRequest(target, rest),
      ...(score !== undefined && { score }),
      ...(sources && { sources }),
      ...(samples !== undefined && { samples }),
    };
    const { checkNames, checkSource, checkTarget } = await import('@headstart/core/manifest');
    await withRegistries(host, async (registries) => {
      checkNames(registries, request);
      for (const source of sources ?? []) checkSource(registries, source);
      await checkTarget(registries, target);
    });
    const ranking = await withHeadstart(host, flags, (headstart) => headstart.rankSources(request));
    if (flags.json) host.console.json(ranking);
    else printRanking(host.console, ranking);
  });
}

function scoreHelp(): string {
  return `what to rank by; by default ${DEFAULT_SCORE}, a cross-validated linear classifier; ${PREDICTION_SCORES.join(' and ')} need sources that classify`;
}
