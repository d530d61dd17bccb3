import { Command } from 'commander';
import type { CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';

export function backendInstallCommand({ composition, console }: CommandHost): Command {
  const command = new Command('install')
    .description('fetch the native library into the cache and check it')
    .option('--gpu', 'the CUDA build and the libraries that it needs');
  return addJsonOption(command).action(async ({ gpu, json }: { gpu?: boolean; json?: boolean }) => {
    const { lines, document } = await composition.install({ gpu: gpu ?? false }, console.progress);
    if (json) console.json(document);
    else for (const line of lines) console.print(line);
  });
}
