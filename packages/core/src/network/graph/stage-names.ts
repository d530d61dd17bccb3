import { HEAD } from '../head.ts';

/** Names of stages: those of the nodes at their ends without the path that all of them share. */
export function stageNames(names: readonly string[]): string[] {
  const paths = names.map((name) => name.split('/'));
  let shared = 0;
  while (paths.every((path) => shared < path.length - 1 && path[shared] === paths[0]![shared])) shared++;
  return paths.map((path) => path.slice(shared).join('/')).map((name) => (name === HEAD ? `${name}_` : name));
}
