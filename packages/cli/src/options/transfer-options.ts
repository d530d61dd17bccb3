import { Option, type Command } from 'commander';
import type { TransferRequest } from '@headstart/core';
import { transferOptions, type TransferOption } from '@headstart/core/options';
import { valueOf } from './values.ts';

/** What `train` was given beside its target, by the flags' names. */
export type TransferFlags = Readonly<Record<string, unknown>>;

/** The flag of each option of a transfer, by the option's name. */
function transferFlags(): [name: string, flag: Option][] {
  return Object.entries<TransferOption>(transferOptions).map(([name, option]) => [name, flagOf(option)]);
}

function flagOf({ kind, flag, help, default: usual }: TransferOption): Option {
  const option = new Option(flag, usual === undefined ? help : `${help}; by default ${written(usual)}`);
  if (kind.choices) return option.choices(kind.choices);
  return kind.fromText ? option.argParser(valueOf(kind)) : option;
}

/** A value as the command line has it. */
function written(value: unknown): string {
  return Array.isArray(value) ? value.join('/') : String(value);
}

/** @param names of the options to add; all of them where absent */
export function addTransferOptions(command: Command, names?: readonly (keyof typeof transferOptions)[]): Command {
  const wanted: readonly string[] | undefined = names;
  for (const [name, flag] of transferFlags()) if (wanted?.includes(name) ?? true) command.addOption(flag);
  return command;
}

export function transferRequest(target: string, flags: TransferFlags): TransferRequest {
  const given = transferFlags().map(([name, flag]) => [name, flags[flag.attributeName()]] as const);
  return { target, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
}
