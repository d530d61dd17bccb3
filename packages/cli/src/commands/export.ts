import { resolve } from 'node:path';
import { Command } from 'commander';
import { withRegistries, type CommandHost } from '../command-host.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { addJsonOption } from '../options/json-option.ts';
import { withModel } from '../with-model.ts';

type ExportFlags = BackendChoice & { format: string; out?: string; json?: boolean };

export function exportCommand(host: CommandHost): Command {
  const command = new Command('export')
    .description('write a trained model for serving elsewhere')
    .argument('<model>', 'folder of a trained model, or a source that predicts as it is')
    .requiredOption(
      '--format <format>',
      'tfjs: a TensorFlow.js graph model; onnx: an ONNX graph, of encoders of texts in the layout of transformers.js',
    )
    .option('--out <dir>', 'new folder to write; by default the model folder with the format added');
  addJsonOption(addBackendOptions(command));
  return command.action(async (directory: string, { format, out, json, ...choice }: ExportFlags) => {
    const { checkFormat } = await import('@headstart/core/manifest');
    await withRegistries(host, (headstart) => checkFormat(headstart, format));
    const target = resolve(out ?? `${resolve(directory)}-${format}`);
    await withModel(host, directory, choice, async (model) => {
      const files = await model.export(format, target);
      if (json) host.console.json({ format, directory: target, files });
      else for (const file of files) host.console.print(file);
    });
  });
}
