import type { Readable, Writable } from 'node:stream';
import { isCancel, select, text } from '@clack/prompts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { optionNames, schema, type PluginOptions } from './options.ts';
import { parsePluginName } from './plugin-name.ts';

/** What options are asked for on. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Asks for each option that is missing and has a question.
 * @throws HeadstartError `interrupted` where the answer is Ctrl-C
 */
export async function askMissing(given: Partial<PluginOptions>, terminal: Terminal): Promise<Partial<PluginOptions>> {
  const options: Record<string, string | undefined> = { ...given };
  for (const name of optionNames) options[name] ??= await ask(name, terminal);
  return options;
}

async function ask(name: keyof PluginOptions, terminal: Terminal): Promise<string | undefined> {
  const { 'x-prompt': question, default: initialValue } = schema.properties[name];
  if (question === undefined) return undefined;
  const answer =
    typeof question === 'string'
      ? await text({ ...terminal, message: question, validate: (value = '') => faultOf(value) })
      : await select<string>({ ...terminal, message: question.message, options: [...question.items], initialValue });
  if (!isCancel(answer)) return answer;
  throw new HeadstartError({
    code: 'interrupted',
    message: 'The questions were broken off; nothing was written.',
    hint: 'Start again, or give the answers as options: --help lists them.',
  });
}

/** What is wrong with the name of a package. */
function faultOf(name: string): string | undefined {
  try {
    parsePluginName(name);
    return undefined;
  } catch (error) {
    return (error as HeadstartError).message;
  }
}
