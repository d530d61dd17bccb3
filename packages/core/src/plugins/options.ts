import { prettifyError, type ZodType } from 'zod';
import { HeadstartError, nearestName, shown } from '@headstart/artifacts/errors';
import type { Plugin } from './plugin.ts';

/**
 * A plugin's options, checked and filled in by its schema.
 * @throws HeadstartError `plugin-invalid` where they do not parse, where one is not among those that an object of
 * options lists, or where the plugin takes none
 */
export function parseOptions(name: string, { definition, options }: Plugin): unknown {
  if (!definition.options) {
    if (options === undefined) return undefined;
    throw invalid(`The plugin "${name}" takes no options, and was given ${shown(options)}.`, 'Leave them out.');
  }
  const schema = definition.options as ZodType;
  const parsed = schema.safeParse(options ?? {});
  if (!parsed.success) {
    throw invalid(
      `The options of the plugin "${name}" do not fit: ${prettifyError(parsed.error).replaceAll('\n', ' ')}`,
      `See the options in the documentation of ${name}.`,
      parsed.error,
    );
  }
  checkNames(name, listedOptions(schema), Object.keys((options as object | undefined) ?? {}));
  return parsed.data;
}

function checkNames(plugin: string, listed: readonly string[] | undefined, given: readonly string[]): void {
  const unknown = listed && given.find((option) => !listed.includes(option));
  if (unknown === undefined) return;
  const near = nearestName(unknown, listed!);
  throw invalid(
    `The plugin "${plugin}" has no option "${unknown}".`,
    `${near ? `Did you mean "${near}"? ` : ''}Its options: ${listed!.join(', ') || 'none'}.`,
  );
}

/** The names of an object's options, also where it is optional or has a default; undefined for another schema, or one that takes any name. */
function listedOptions(schema: ZodType): string[] | undefined {
  const { type, shape, catchall, innerType } = schema.def as unknown as {
    readonly type: string;
    readonly shape?: Readonly<Record<string, unknown>>;
    readonly catchall?: unknown;
    readonly innerType?: ZodType;
  };
  if (type === 'object') return catchall === undefined ? Object.keys(shape!) : undefined;
  return innerType && listedOptions(innerType);
}

function invalid(message: string, hint: string, cause?: unknown): HeadstartError {
  return new HeadstartError({ code: 'plugin-invalid', message, hint, cause });
}
