import { nearestName } from '@headstart/artifacts/errors';
import type { DataWarning } from '../domains/reading-notes.ts';

/** The warning of options that no one looked at. */
export const UNUSED_OPTIONS = 'unused-reader-options';

/** Options of a reader or data set, with a note of which were looked at. */
export interface HeardOptions {
  readonly options: Readonly<Record<string, string>>;
  /** A warning of those that nobody looked at: a misspelt one would say nothing, unheard. */
  readonly unheard: (reader: string) => DataWarning[];
}

export function heardOptions(given: Readonly<Record<string, string>>): HeardOptions {
  const asked = new Set<string>();
  const options = new Proxy(given, {
    get(target, name) {
      if (typeof name === 'string') asked.add(name);
      return Reflect.get(target, name) as unknown;
    },
    has(target, name) {
      if (typeof name === 'string') asked.add(name);
      return Reflect.has(target, name);
    },
  });
  return {
    options,
    unheard(reader) {
      const passed = Object.keys(given).filter((name) => !asked.has(name));
      if (passed.length === 0) return [];
      const known = [...asked].filter((name) => !Object.hasOwn(given, name)).sort();
      const nearest = nearestName(passed[0]!, known);
      return [
        {
          code: UNUSED_OPTIONS,
          message: `The reader ${reader} did not use ${passed.map((name) => `${name}=${given[name]}`).join(', ')}.`,
          hint: `${nearest ? `Did you mean ${nearest}? ` : ''}${known.length > 0 ? `It looked for ${known.join(', ')}.` : 'It has no options here: leave it out.'}`,
          samples: [],
        },
      ];
    },
  };
}
