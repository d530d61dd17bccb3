import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { writeAtomic } from '@headstart/artifacts/storage';
import type { ModelInput } from '@headstart/core';
import { withHeadstart, withRegistries, type CommandHost } from '../command-host.ts';
import { usage } from '../failures.ts';
import { singleInputs } from '../files/given-inputs.ts';
import { npyBytes } from '../files/npy.ts';
import { addBackendOptions, type BackendChoice } from '../options/backend-options.ts';
import { addJsonOption } from '../options/json-option.ts';
import { withModel } from '../with-model.ts';

type EmbedFlags = BackendChoice & { source: string; out?: string; allowHttp?: boolean; json?: boolean };

export function embedCommand(host: CommandHost): Command {
  const command = new Command('embed')
    .description('inputs as vectors: the last features of a source, or of a trained model')
    .argument(
      '<input...>',
      'pictures or texts; a folder stands for its pictures, - for standard input: lines of texts, or a picture',
    )
    .requiredOption('--source <id>', 'pretrained weights, or the folder of a trained model')
    .option('--out <file.npy>', 'write a NumPy matrix, one row per input')
    .option('--allow-http', 'fetch inputs that are http: or https: addresses');
  addJsonOption(addBackendOptions(command));
  return command.action(async (given: string[], flags: EmbedFlags) => {
    if ((flags.out === undefined) === (flags.json === undefined)) {
      throw usage(
        flags.json ? '--json and --out exclude one another.' : 'Where the embeddings go is missing.',
        'Give --json to print them, or --out file.npy to write them.',
      );
    }
    if (flags.out !== undefined && !/\.npy$/i.test(flags.out)) {
      throw usage(
        `--out writes a NumPy matrix, and ${flags.out} is not named as one.`,
        'Name a file that ends in .npy.',
      );
    }
    const trained = existsSync(join(flags.source, 'model.json'));
    const { shape, data } = trained ? await embedByModel(host, flags, given) : await embedBySource(host, flags, given);
    if (flags.out !== undefined) {
      await writeAtomic(flags.out, npyBytes(shape, data));
      host.console.print(`${flags.out}: ${shape[0]} vectors of ${shape[1]} numbers`);
      return;
    }
    const rows = Array.from({ length: shape[0] }, (_, row) =>
      Array.from(data.subarray(row * shape[1], (row + 1) * shape[1])),
    );
    host.console.json({ shape, data: rows });
  });
}

type Vectors = { readonly shape: [number, number]; readonly data: Float32Array };

async function embedBySource(host: CommandHost, flags: EmbedFlags, given: readonly string[]): Promise<Vectors> {
  const { checkSource } = await import('@headstart/core/manifest');
  const modality = await withRegistries(host, (registries) => {
    checkSource(registries, flags.source);
    const source = registries.sources().find(({ value }) => value.id === flags.source)?.value;
    if (source) return source.modality;
    const scheme = registries.sourceSchemes().find(({ value }) => flags.source.startsWith(`${value.scheme}:`))!.value;
    return scheme.modality ?? scheme.resolve(flags.source.slice(scheme.scheme.length + 1)).modality;
  });
  const inputs = await inputsOf(given, modality, flags);
  return withHeadstart(host, flags, (headstart) => headstart.embed(flags.source, inputs, howOf(flags)));
}

async function embedByModel(host: CommandHost, flags: EmbedFlags, given: readonly string[]): Promise<Vectors> {
  return withModel(host, flags.source, flags, async (model) =>
    model.embed(await inputsOf(given, model.task.modality, flags), howOf(flags)),
  );
}

async function inputsOf(given: readonly string[], modality: string, { allowHttp }: EmbedFlags): Promise<ModelInput[]> {
  return (await singleInputs(given, modality, { allowHttp })).map(({ input }) => input);
}

const howOf = ({ allowHttp }: EmbedFlags) => ({ allowHttp });
