import { Command, Option } from 'commander';
import { writeAtomic } from '@headstart/artifacts/storage';
import type { Headstart } from '@headstart/core';
import { probability } from '@headstart/core/options';
import type { InspectRequest } from '@headstart/core/readers';
import { withHeadstart, withRegistries, type CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';
import { checkPageFile } from '../options/page-file.ts';
import { valueOf } from '../options/values.ts';
import { addTransferOptions, transferRequest, type TransferFlags } from '../options/transfer-options.ts';
import { printInspection } from '../terminal/inspection.ts';

/** The options of a transfer that say how its data are read and split. */
const READING = [
  'task',
  'source',
  'reader',
  'readerOptions',
  'skipBad',
  'clean',
  'strict',
  'seed',
  'shots',
  'split',
  'groupColumn',
  'groupBy',
] as const satisfies readonly (keyof InspectRequest)[];

type InspectFlags = TransferFlags & { page?: string; against?: string; embeddings?: number | true; json?: boolean };

export function inspectCommand(host: CommandHost): Command {
  const command = new Command('inspect')
    .description('what train would read of your data, and what looks wrong in them; trains nothing')
    .argument('<target>', 'a path, or the name of a data set');
  addTransferOptions(command, READING)
    .option('--against <target>', 'other data: warn of their copies and near-duplicates among these')
    .addOption(
      new Option(
        '--embeddings [cosine]',
        "compare by the source's embeddings, too, alike from this cosine on (0.95, or more as the source has it): fetches its weights",
      ).argParser(valueOf(probability)),
    )
    .option(
      '--page <file.html>',
      'write a page to look at: samples by class and split, counts, near-duplicates, warnings',
    );
  return addJsonOption(command).action(async (target: string, flags: InspectFlags) => {
    checkPageFile('page', flags.page);
    const request: InspectRequest = transferRequest(target, flags);
    const { against, embeddings } = flags;
    const { checkNames, checkTarget } = await import('@headstart/core/manifest');
    const inspect = async (headstart: Headstart) => {
      checkNames(headstart, request);
      await checkTarget(headstart, target);
      if (against !== undefined) await checkTarget(headstart, against);
      return headstart.inspect(request, { page: flags.page !== undefined, against, embeddings });
    };
    const { page, ...inspection } = await (embeddings === undefined
      ? withRegistries(host, inspect)
      : withHeadstart(host, {}, inspect));
    if (flags.page !== undefined) {
      await writeAtomic(flags.page, page!);
      host.console.say(`wrote ${flags.page}`);
    }
    if (flags.json) host.console.json(inspection);
    else printInspection(host.console, inspection);
    if (inspection.error) host.fail();
  });
}
