import { HEAD, type RandomStream } from '@headstart/core';
import { assignConstant } from '@headstart/core/network';
import { heNormal } from '../../layers/initialise.ts';
import type { NetworkVariable } from './network.ts';

/** Names of stages: those of the nodes at their ends without the path that all of them share. */
export function stageNames(names: readonly string[]): string[] {
  const paths = names.map((name) => name.split('/'));
  let shared = 0;
  while (paths.every((path) => shared < path.length - 1 && path[shared] === paths[0]![shared])) shared++;
  return paths.map((path) => path.slice(shared).join('/')).map((name) => (name === HEAD ? `${name}_` : name));
}

/** Draws fresh values for the variables of a stage. */
export function initialise(variables: readonly NetworkVariable[], random: RandomStream): void {
  for (const variable of variables) {
    const { start } = variable;
    if (start.kind === 'constant') assignConstant(variable, start.value);
    else heNormal(variable, start.fanIn, random);
  }
}
