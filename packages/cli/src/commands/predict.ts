import { Command } from 'commander';
import { HeadstartError, writeAtomic, type LoadedModel } from '@headstart/core';
import { checkModel } from '../check-model.ts';
import { withHeadstart, type CommandHost } from '../command-host.ts';
import { usage } from '../failures.ts';
import { expandInputs } from '../files/expand-inputs.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { addJsonOption } from '../options/json-option.ts';
import { wholeNumber } from '../options/values.ts';

type PredictFlags = BackendChoice & { top?: number; explain?: string; draw?: string; label?: string; batch?: number; json?: boolean };

export function predictCommand(host: CommandHost): Command {
  const command = new Command('predict')
    .description('what a trained model says about inputs')
    .argument('<model-dir>', 'folder of a trained model')
    .argument('<input...>', 'pictures or texts; a folder stands for its pictures, - for lines of texts from standard input')
    .option('--top <k>', 'the k likeliest labels of each input', wholeNumber(1))
    .option('--batch <n>', 'inputs at a time', wholeNumber(1))
    .option('--explain <file.png>', 'for one input: write a picture of what the prediction rests on')
    .option('--draw <file.png>', 'for one input: write the picture with what was found in it')
    .option('--label <name>', 'with --explain: the label to explain instead of the predicted one');
  addJsonOption(addBackendOptions(command));
  return command.action(async (directory: string, given: string[], flags: PredictFlags) => {
    if (flags.label !== undefined && flags.explain === undefined) throw usage('--label needs --explain.', 'Add --explain out.png.');
    for (const option of ['explain', 'draw'] as const) {
      const file = flags[option];
      if (file === undefined || /\.png$/i.test(file)) continue;
      throw usage(`--${option} writes a PNG, and ${file} is not named as one.`, 'Name a file that ends in .png.');
    }
    await checkModel(directory);
    await withHeadstart(host, flags, async (headstart) => {
      const model = await headstart.load(directory);
      try {
        await predict(host, model, given, flags);
      } finally {
        model.dispose();
      }
    });
  });
}

async function predict({ console }: CommandHost, model: LoadedModel, given: readonly string[], flags: PredictFlags): Promise<void> {
  const inputs = await expandInputs(given, model.task.modality);
  const one = flags.explain !== undefined ? '--explain' : '--draw';
  if ((flags.explain ?? flags.draw) !== undefined && inputs.length !== 1) {
    throw usage(`${one} takes one input and there are ${inputs.length}.`, 'Name one input, and call the command again for others.');
  }
  if (flags.draw !== undefined && !model.task.draw) {
    throw new HeadstartError({ code: 'not-supported', message: `The task ${model.task.id} draws no predictions.`, hint: 'Leave --draw out; models that find boxes can draw them.' });
  }
  const all = await model.predict(inputs, { batchSize: flags.batch });
  const predictions = flags.top === undefined ? all : all.map((prediction) => keepTop(prediction, flags.top!, model.labels.length));
  if (flags.explain !== undefined) {
    await writeAtomic(flags.explain, await model.explain(inputs[0]!, { label: flags.label }));
    console.say(`wrote ${flags.explain}`);
  }
  if (flags.draw !== undefined) {
    await writeAtomic(flags.draw, await model.task.draw!(await model.task.parseInput(inputs[0]!), all[0]));
    console.say(`wrote ${flags.draw}`);
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
      for (const { label, probability } of ranked(prediction)!) console.print(`  ${(100 * probability).toFixed(1).padStart(5)}%  ${label}`);
    }
  });
}

interface Ranked {
  readonly label: string;
  readonly probability: number;
}

function ranked(prediction: unknown): readonly Ranked[] | undefined {
  const top = (prediction as { top?: readonly Ranked[] } | null)?.top;
  return Array.isArray(top) ? top : undefined;
}

/** The prediction with its `k` likeliest labels. */
function keepTop(prediction: unknown, k: number, labels: number): unknown {
  const top = ranked(prediction);
  if (top === undefined) {
    throw new HeadstartError({ code: 'not-supported', message: "This model's predictions are not ranked labels.", hint: 'Leave --top out.' });
  }
  if (k > top.length && top.length < labels) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `--top ${k} asks for more labels than the model ranks: ${top.length} of ${labels}.`,
      hint: `Ask for ${top.length} at most.`,
    });
  }
  return { ...(prediction as object), top: top.slice(0, k) };
}
