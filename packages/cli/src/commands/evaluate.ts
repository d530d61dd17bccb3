import { Command, Option } from 'commander';
import type { EvaluateOptions, EvaluateResult } from '@headstart/core';
import { checkModel } from '../check-model.ts';
import { checkNames, checkTarget } from '../check-names.ts';
import { withHeadstart, withRegistries, type CommandHost } from '../command-host.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { addJsonOption } from '../options/json-option.ts';
import { keyValue, wholeNumber } from '../options/values.ts';
import { printEvaluation } from '../terminal/evaluation.ts';

type EvaluateFlags = BackendChoice & {
  split?: EvaluateOptions['split'];
  reader?: string;
  readerOption?: Readonly<Record<string, string>>;
  skipBad?: boolean;
  batch?: number;
  json?: boolean;
};

export function evaluateCommand(host: CommandHost): Command {
  const command = new Command('evaluate')
    .description('how good a trained model is on data it has not seen')
    .argument('<model-dir>', 'folder of a trained model')
    .argument('<target>', 'a path, or the name of a data set')
    .addOption(new Option('--split <split>', 'what to evaluate on; by default test, or all of unsplit data').choices(['train', 'validation', 'test', 'all']))
    .option('--batch <n>', 'samples at a time', wholeNumber(1))
    .option('--reader <id>', 'how to read the target; by default chosen from what is there')
    .option('--reader-option <key=value>', 'an option of the reader; repeatable', keyValue)
    .option('--skip-bad', 'leave out unreadable samples and list them');
  addJsonOption(addBackendOptions(command));
  return command.action(async (directory: string, target: string, flags: EvaluateFlags) => {
    await checkModel(directory);
    await withRegistries(host, async (registries) => {
      checkNames(registries, { reader: flags.reader });
      await checkTarget(registries, target);
    });
    await withHeadstart(host, flags, async (headstart) => {
      const model = await headstart.load(directory);
      try {
        const { split, reader, readerOption, skipBad, batch } = flags;
        const result = await model.evaluate(target, { split, reader, readerOptions: readerOption, skipBad, batchSize: batch });
        if (flags.json) host.console.json(document(result));
        else printEvaluation(host.console, result);
      } finally {
        model.dispose();
      }
    });
  });
}

function document({ metrics, samples, split, skipped }: EvaluateResult) {
  return { metrics: metrics.values, intervals: metrics.details?.['intervals'] ?? {}, samples, split, skipped };
}
