import { resolve } from 'node:path';
import { Command } from 'commander';
import { checkModel } from '../check-model.ts';
import { checkFormat } from '../check-names.ts';
import { withHeadstart, withRegistries, type CommandHost } from '../command-host.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { addJsonOption } from '../options/json-option.ts';

type ExportFlags = BackendChoice & { format: string; out?: string; json?: boolean };

export function exportCommand(host: CommandHost): Command {
  const command = new Command('export')
    .description('write a trained model for serving elsewhere')
    .argument('<model-dir>', 'folder of a trained model')
    .requiredOption('--format <format>', 'tfjs: a TensorFlow.js graph model; onnx: a text model in the layout of transformers.js')
    .option('--out <dir>', 'new folder to write; by default the model folder with the format added');
  addJsonOption(addBackendOptions(command));
  return command.action(async (directory: string, { format, out, json, ...choice }: ExportFlags) => {
    await checkModel(directory);
    await withRegistries(host, (headstart) => checkFormat(headstart, format));
    const target = resolve(out ?? `${resolve(directory)}-${format}`);
    await withHeadstart(host, choice, async (headstart) => {
      const model = await headstart.load(directory);
      try {
        const files = await model.export(format, target);
        if (json) host.console.json({ format, directory: target, files });
        else for (const file of files) host.console.print(file);
      } finally {
        model.dispose();
      }
    });
  });
}
