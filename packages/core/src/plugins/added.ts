import { HeadstartError } from '@headstart/artifacts/errors';
import { addedContracts, type AddedKind } from './contracts.ts';
import type { Owner } from './owner.ts';
import { shapeProblem } from './shape-problem.ts';

/**
 * Whose an added thing is from now on, where it has the shape of its kind.
 * @throws HeadstartError `plugin-invalid` naming the plugin, the thing and what is wrong with it
 */
export function checkAdded(plugin: string, kind: AddedKind, value: unknown): Owner {
  const { id, scheme, format } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const name = id ?? scheme ?? format;
  const part = typeof name === 'string' ? `${kind} "${name}"` : kind;
  const problem = shapeProblem(addedContracts[kind], value);
  if (problem === undefined) return { plugin, part };
  throw new HeadstartError({
    code: 'plugin-invalid',
    message: `Plugin "${plugin}", ${part}: it does not keep the contract of its kind: ${problem}.`,
    hint: `Update ${plugin}, leave it out, or tell its author.`,
  });
}
