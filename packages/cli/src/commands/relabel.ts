import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { withRegistries, type CommandHost } from '../command-host.ts';
import { addJsonOption } from '../options/json-option.ts';

type Renamed = readonly [from: string, to: string];
type Merged = readonly [from: readonly string[], to: string];

interface RelabelFlags {
  readonly rename: readonly Renamed[];
  readonly merge: readonly Merged[];
  readonly out: string;
  readonly json?: boolean;
}

export function relabelCommand(host: CommandHost): Command {
  const command = new Command('relabel')
    .description('a trained model with labels renamed, or merged into one; writes another folder')
    .argument('<model>', 'folder of a trained model, which stays as it is')
    .option('--rename <old=new>', 'give a label another name; may be repeated; \\= is a "=" in a name', rename, [])
    .option(
      '--merge <a,b=new>',
      'have labels become one, whose probability is their sum, or the largest where labels do not exclude one another; may be repeated; \\, is a "," in a name',
      merge,
      [],
    )
    .requiredOption('--out <dir>', 'new folder to write');
  addJsonOption(command);
  return command.action(async (directory: string, { rename, merge, out, json }: RelabelFlags) => {
    const { console } = host;
    const result = await withRegistries(host, (headstart) =>
      headstart.relabel(resolve(directory), { rename, merge }, resolve(out)),
    );
    if (json) return console.json(result);
    for (const [from, to] of Object.entries(result.renamed)) if (from !== to) console.print(`${from} is now ${to}`);
    if (result.metricsDropped)
      console.say('The card has no metrics: those of the former labels say nothing of merged ones. Evaluate it again.');
    console.print(`${result.model}: ${result.labels.length} labels`);
  });
}

function rename(text: string, before: readonly Renamed[]): Renamed[] {
  const [from, to] = sides(text);
  return [...before, [unescaped(from), unescaped(to)]];
}

function merge(text: string, before: readonly Merged[]): Merged[] {
  const [from, to] = sides(text);
  return [...before, [parts(from, ',').map(unescaped), unescaped(to)]];
}

function sides(text: string): readonly [string, string] {
  const [from, to, ...more] = parts(text, '=');
  if (from && to && more.length === 0) return [from, to];
  throw new InvalidArgumentError(
    'Write labels, "=" and the new name, such as cat=kitten; \\= stands for a "=" in a name.',
  );
}

/** What stands between separators that no backslash is in front of. */
function parts(text: string, separator: string): string[] {
  const found = [''];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && i + 1 < text.length) found[found.length - 1] += text.slice(i, ++i + 1);
    else if (text[i] === separator) found.push('');
    else found[found.length - 1] += text[i]!;
  }
  return found;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([\\,=])/g, '$1');
}
