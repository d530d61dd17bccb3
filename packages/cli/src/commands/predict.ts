import { Command } from 'commander';
import { HeadstartError } from '@headstart/artifacts/errors';
import { writeAtomic } from '@headstart/artifacts/storage';
import type { LoadedModel } from '@headstart/core';
import { namedValues, wholeNumber } from '@headstart/core/options';
import type { CommandHost } from '../command-host.ts';
import { usage } from '../failures.ts';
import { checkDrawing, drawingFiles, isPng } from '../files/drawing-files.ts';
import { expandInputs } from '../files/expand-inputs.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { addDecisionOptions, decisionOf, type DecisionFlags } from '../options/decision-options.ts';
import { addJsonOption } from '../options/json-option.ts';
import { valueOf } from '../options/values.ts';
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
    reportShift?: boolean;
    json?: boolean;
  };

export function predictCommand(host: CommandHost): Command {
  const command = new Command('predict')
    .description('what a model says about inputs')
    .argument('<model>', 'folder of a trained model, or a source that predicts as it is, such as nanodet-coco')
    .argument(
      '<input...>',
      'pictures or texts; a folder stands for its pictures, - for lines of texts from standard input',
    )
    .option('--top <k>', 'the k likeliest labels of each input', valueOf(wholeNumber(1)))
    .option(
      '--task-option <key=value>',
      "an option of the model's task, such as threshold=0.5 of a detector's; repeatable",
      valueOf(namedValues),
    )
    .option('--batch <n>', 'inputs at a time', valueOf(wholeNumber(1)))
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
    await withModel(host, name, { ...flags, ...decisionOf(flags), taskOptions: flags.taskOption }, (model) =>
      predict(host, model, given, flags),
    );
  });
}

async function predict(
  { console }: CommandHost,
  model: LoadedModel,
  given: readonly string[],
  flags: PredictFlags,
): Promise<void> {
  const inputs = await expandInputs(given, model.task.modality);
  if (flags.explain !== undefined && inputs.length !== 1) {
    throw usage(
      `--explain takes one input and there are ${inputs.length}.`,
      'Name one input, and call the command again for others.',
    );
  }
  if (flags.draw !== undefined && !model.task.draw) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The task ${model.task.id} cannot draw its predictions.`,
      hint: 'Leave --draw out; models that find boxes can draw them.',
    });
  }
  const drawings = flags.draw === undefined ? [] : drawingFiles(flags.draw, inputs);
  const all = await model.predict(inputs, { batchSize: flags.batch });
  sayWarnings(console, await model.cutTexts(inputs));
  if (flags.reportShift) console.say((await model.reportShift(inputs, { batchSize: flags.batch })).summary);
  const predictions =
    flags.top === undefined ? all : all.map((prediction) => keepTop(prediction, flags.top!, model.labels.length));
  if (flags.explain !== undefined) {
    await writeAtomic(flags.explain, await model.explain(inputs[0]!, { label: flags.label }));
    console.say(`wrote ${flags.explain}`);
  }
  for (const [i, file] of drawings.entries()) {
    await writeAtomic(file, await model.draw(inputs[i]!, all[i]));
    console.say(`wrote ${file}`);
  }
  if (flags.json) {
    console.json(predictions.map((prediction, i) => ({ input: inputs[i], ...(prediction as object) })));
    return;
  }
  const width = Math.max(...inputs.map((input) => input.length));
  predictions.forEach((prediction, i) => {
    const input = inputs[i]!;
    if (flags.top === undefined) console.print(`${input.padEnd(width)}  ${model.task.describe(prediction)}`);
    else {
      console.print(input);
      for (const { label, probability } of ranked(prediction)!)
        console.print(`  ${(100 * probability).toFixed(1).padStart(5)}%  ${label}`);
    }
  });
}
