import { readFileSync } from 'node:fs';

/** What a plugin can be started as. */
export type PluginKind = 'source' | 'reader' | 'task' | 'strategy' | 'metric';

/** What the command and the generator are asked for. The bounds, defaults and questions are in schema.json. */
export interface PluginOptions {
  /** The npm name of the package. */
  readonly name: string;
  readonly kind: PluginKind;
  /** The licence that the package is under, by its SPDX name. */
  readonly license?: string;
  /** The folder to make; the package's name without its scope where absent. */
  readonly directory?: string;
}

/** What is asked where a value is missing and somebody is there to answer. */
export interface Question {
  readonly message: string;
  readonly items: readonly { readonly value: string; readonly label: string }[];
}

/** One of the options, as schema.json has it. */
export interface OptionSchema {
  readonly description: string;
  readonly enum?: readonly string[];
  readonly default?: string;
  /** A question for free text, or one with answers to choose from. */
  readonly 'x-prompt'?: string | Question;
}

interface Schema {
  readonly properties: Readonly<Record<keyof PluginOptions, OptionSchema>>;
  readonly required: readonly (keyof PluginOptions)[];
}

/** The schema that Nx reads, too: the one list of options, for the command as well as for the generator. */
export const schema = JSON.parse(readFileSync(new URL('../schema.json', import.meta.url), 'utf8')) as Schema;

/** The names of the options, in the order in which they are asked for. */
export const optionNames = Object.keys(schema.properties) as (keyof PluginOptions)[];
