import { Command, Option } from 'commander';
import { writeAtomic } from '@headstart/artifacts/storage';
import type { EvaluateOptions, EvaluateResult } from '@headstart/core';
import type { EvaluationPage } from '@headstart/core/metrics';
import { CLEANINGS, namedValues, someOf, wholeNumber, type Cleaning } from '@headstart/core/options';
import { withRegistries, type CommandHost } from '../command-host.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { addDecisionOptions, decisionOf, type DecisionFlags } from '../options/decision-options.ts';
import { addJsonOption } from '../options/json-option.ts';
import { checkPageFile } from '../options/page-file.ts';
import { valueOf } from '../options/values.ts';
import { printReading } from '../terminal/reading.ts';
import { printEvaluation } from '../terminal/evaluation.ts';
import { withModel } from '../with-model.ts';

type EvaluateFlags = BackendChoice &
  DecisionFlags & {
    split?: EvaluateOptions['split'];
    reader?: string;
    readerOption?: Readonly<Record<string, string>>;
    taskOption?: Readonly<Record<string, string>>;
    skipBad?: boolean;
    clean?: readonly Cleaning[];
    strict?: boolean;
    batch?: number;
    reportShift?: boolean;
    report?: string;
    mistakes?: string;
    json?: boolean;
  };

const PAGES = ['report', 'mistakes'] as const satisfies readonly EvaluationPage[];

export function evaluateCommand(host: CommandHost): Command {
  const command = new Command('evaluate')
    .description('how good a model is on data it has not seen')
    .argument('<model>', 'folder of a trained model, or a source that predicts as it is, such as nanodet-coco')
    .argument('<target>', 'a path, or the name of a data set')
    .addOption(
      new Option('--split <split>', 'what to evaluate on; by default test, or all of unsplit data').choices([
        'train',
        'validation',
        'test',
        'all',
      ]),
    )
    .option('--batch <n>', 'samples at a time', valueOf(wholeNumber(1)))
    .option('--reader <id>', 'how to read the target; by default chosen from what is there')
    .option('--reader-option <key=value>', 'an option of the reader; repeatable', valueOf(namedValues))
    .option(
      '--task-option <key=value>',
      "an option of the model's task, such as suppression=soft of a detector's; repeatable",
      valueOf(namedValues),
    )
    .option('--skip-bad', 'leave out unreadable samples and list them')
    .option(
      '--clean <codes>',
      'mend the data as train does; by default as it was done for the training, where they are the same data',
      valueOf(someOf(CLEANINGS)),
    )
    .option('--strict', 'end with an error where the reader warns of the data')
    .option('--report-shift', 'say how far the samples lie from what the model was trained on')
    .option('--report <file.html>', 'write a page of the numbers, curves and confusions, for models that find boxes')
    .option(
      '--mistakes <file.html>',
      'write a page of the worst mistakes: pictures, texts with the words that mislead marked, boxes by kind',
    );
  addJsonOption(addBackendOptions(addDecisionOptions(command)));
  return command.action(async (name: string, target: string, flags: EvaluateFlags) => {
    for (const page of PAGES) checkPageFile(page, flags[page]);
    const { checkNames, checkTarget } = await import('@headstart/core/manifest');
    await withRegistries(host, async (registries) => {
      checkNames(registries, { reader: flags.reader });
      await checkTarget(registries, target);
    });
    await withModel(host, name, { ...flags, ...decisionOf(flags), taskOptions: flags.taskOption }, async (model) => {
      const { split, reader, readerOption, skipBad, clean, strict, batch, reportShift } = flags;
      const pages = PAGES.filter((page) => flags[page] !== undefined);
      const result = await model.evaluate(target, {
        split,
        reader,
        readerOptions: readerOption,
        skipBad,
        clean,
        strict,
        batchSize: batch,
        reportShift,
        pages,
      });
      for (const page of pages) {
        await writeAtomic(flags[page]!, result.pages[page]!);
        host.console.say(`wrote ${flags[page]!}`);
      }
      if (flags.json) host.console.json(document(result));
      else {
        printReading(host.console, result);
        printEvaluation(host.console, result);
        if (result.shift) host.console.print(`\n${result.shift.summary}`);
      }
    });
  });
}

function document(result: EvaluateResult) {
  const { metrics, samples, split, skipped, warnings, passedOver, cleaned, features, shift } = result;
  const { values, details } = metrics;
  const { intervals = {}, perClass, confusionMatrix, confusionLabels, confusions } = details ?? {};
  return {
    metrics: values,
    intervals,
    samples,
    split,
    skipped,
    warnings,
    passedOver,
    cleaned,
    features,
    shift,
    perClass,
    confusionMatrix,
    confusionLabels,
    confusions,
  };
}
