import { Command } from 'commander';
import { HeadstartError } from '@headstart/artifacts/errors';
import { writeAtomic } from '@headstart/artifacts/storage';
import type { LoadedModel } from '@headstart/core';
import { namedValues, wholeNumber } from '@headstart/core/options';
import type { CommandHost } from '../command-host.ts';
import { usage } from '../failures.ts';
import { checkDrawing, drawingFiles, isPng } from '../files/drawing-files.ts';
import { givenInputs, type GivenInput } from '../files/given-inputs.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { addDecisionOptions, decisionOf, type DecisionFlags } from '../options/decision-options.ts';
import { addJsonOption } from '../options/json-option.ts';
import { valueOf } from '../options/values.ts';
import { predictGiven, type PredictedInput } from '../predictions/predict-given.ts';
import { checkPredictionFile, documentOf, writePredictions } from '../predictions/prediction-file.ts';
import { sayWarnings } from '../terminal/reading.ts';
import { keepTop, ranked } from '../top-labels.ts';
import { withModel } from '../with-model.ts';

type PredictFlags = BackendChoice &
  DecisionFlags & {
    top?: number;
    taskOption?: Readonly<Record<string, string>>;
    explain?: string;
    draw?: string;
    label?: string;
    batch?: number;
    skipBad?: boolean;
    allowHttp?: boolean;
    reader?: string;
    readerOption?: Readonly<Record<string, string>>;
    output?: string;
    reportShift?: boolean;
    json?: boolean;
  };

export function predictCommand(host: CommandHost): Command {
  const command = new Command('predict')
    .description('what a model says about inputs')
    .argument('<model>', 'folder of a trained model, or a source that predicts as it is, such as nanodet-coco')
    .argument(
      '<input...>',
      'pictures, texts or tables of them; a folder stands for what is in it, - for standard input: lines of texts, or a picture',
    )
    .option('--top <k>', 'the k likeliest labels of each input', valueOf(wholeNumber(1)))
    .option(
      '--task-option <key=value>',
      "an option of the model's task, such as threshold=0.5 of a detector's; repeatable",
      valueOf(namedValues),
    )
    .option('--batch <n>', 'inputs at a time', valueOf(wholeNumber(1)))
    .option('--skip-bad', 'go on after inputs that cannot be read: each has an error, and the exit code is 1')
    .option('--output <file.csv>', 'write a table (.csv, .tsv or .jsonl) with what is known of each input beside')
    .option('--reader <id>', 'how to read a table or a folder of texts; by default chosen from what is there')
    .option(
      '--reader-option <key=value>',
      'an option of the reader, such as text=review; repeatable',
      valueOf(namedValues),
    )
    .option('--allow-http', 'fetch inputs that are http: or https: addresses')
    .option('--explain <file.png>', 'for one input: write a picture of what the prediction rests on')
    .option('--draw <file.png or folder>', 'write the picture with what was found in it, or each picture into a folder')
    .option('--report-shift', 'say on stderr how far the inputs lie from what the model was trained on')
    .option('--label <name>', 'with --explain: the label to explain instead of the predicted one');
  addJsonOption(addBackendOptions(addDecisionOptions(command)));
  return command.action(async (name: string, given: string[], flags: PredictFlags) => {
    if (flags.label !== undefined && flags.explain === undefined)
      throw usage('--label needs --explain.', 'Add --explain out.png.');
    if (flags.explain !== undefined && !isPng(flags.explain))
      throw usage(
        `--explain writes a PNG, and ${flags.explain} is not named as one.`,
        'Name a file that ends in .png.',
      );
    checkDrawing(flags.draw);
    checkPredictionFile(flags.output);
    await withModel(host, name, { ...flags, ...decisionOf(flags), taskOptions: flags.taskOption }, (model) =>
      predict(host, model, given, flags),
    );
  });
}

async function predict(
  host: CommandHost,
  model: LoadedModel,
  words: readonly string[],
  flags: PredictFlags,
): Promise<void> {
  const { console } = host;
  const given = await givenInputs(words, model.task.modality, flags);
  const single = given.filter((each) => 'input' in each);
  checkSingle(model, given.length === single.length ? single : undefined, flags);
  const drawings =
    flags.draw === undefined
      ? []
      : drawingFiles(
          flags.draw,
          single.map(({ name }) => name),
        );
  const { batch: batchSize, readerOption: readerOptions } = flags;
  const all = await predictGiven(model, given, { ...flags, batchSize, readerOptions });
  const failed = all.filter((each) => 'error' in each);
  if (failed.length > 0) host.fail();
  const read =
    single.length < given.length ? [] : single.flatMap(({ input }, i) => ('error' in all[i]! ? [] : [input]));
  sayWarnings(console, await model.cutTexts(read.filter((input) => typeof input === 'string')));
  if (flags.reportShift)
    console.say((await model.reportShift(read, { batchSize, allowHttp: flags.allowHttp })).summary);
  const predicted = flags.top === undefined ? all : all.map((each) => withTop(each, flags.top!, model.labels.length));
  if (flags.explain !== undefined && failed.length === 0) {
    await writeAtomic(flags.explain, await model.explain(single[0]!.input, { label: flags.label }));
    console.say(`wrote ${flags.explain}`);
  }
  for (const [i, file] of drawings.entries()) {
    const outcome = all[i]!;
    if ('error' in outcome) continue;
    await writeAtomic(file, await model.draw(single[i]!.input, outcome.prediction));
    console.say(`wrote ${file}`);
  }
  if (flags.output !== undefined) await writePredictions(flags.output, predicted);
  if (flags.json) console.json(predicted.map(documentOf));
  else if (flags.output !== undefined) console.print(`${flags.output}: ${all.length - failed.length} predictions`);
  else print(host, model, predicted, flags.top !== undefined);
  if (failed.length > 0) {
    const why = failed[0]!.error.message;
    console.entry(
      console.colours.yellow(' warn'),
      `${failed.length} of ${all.length} inputs could not be read: ${why}`,
    );
  }
}

/** @param inputs undefined where there are data beside them @throws HeadstartError for what those are not for */
function checkSingle(
  model: LoadedModel,
  inputs: readonly GivenInput[] | undefined,
  { explain, draw, reportShift }: PredictFlags,
): void {
  const single = explain !== undefined ? '--explain' : draw !== undefined ? '--draw' : reportShift && '--report-shift';
  if (single && !inputs)
    throw usage(`${single} takes inputs one by one, and there is a table.`, 'Name the inputs themselves.');
  if (explain !== undefined && inputs!.length !== 1) {
    throw usage(
      `--explain takes one input and there are ${inputs!.length}.`,
      'Name one input, and call the command again for others.',
    );
  }
  if (draw === undefined || model.task.draw) return;
  throw new HeadstartError({
    code: 'not-supported',
    message: `The task ${model.task.id} cannot draw its predictions.`,
    hint: 'Leave --draw out; models that find boxes can draw them.',
  });
}

function withTop(predicted: PredictedInput, top: number, labels: number): PredictedInput {
  return 'error' in predicted ? predicted : { ...predicted, prediction: keepTop(predicted.prediction, top, labels) };
}

function print({ console }: CommandHost, model: LoadedModel, all: readonly PredictedInput[], top: boolean): void {
  const width = all.reduce((most, { input }) => Math.max(most, input.length), 0);
  for (const each of all) {
    const truth =
      each.truth === undefined ? '' : `  (${typeof each.truth === 'string' ? each.truth : JSON.stringify(each.truth)})`;
    if ('error' in each) console.print(`${each.input.padEnd(width)}  error: ${each.error.message}`);
    else if (!top) console.print(`${each.input.padEnd(width)}  ${model.task.describe(each.prediction)}${truth}`);
    else {
      console.print(`${each.input}${truth}`);
      for (const { label, probability } of ranked(each.prediction)!)
        console.print(`  ${(100 * probability).toFixed(1).padStart(5)}%  ${label}`);
    }
  }
}
