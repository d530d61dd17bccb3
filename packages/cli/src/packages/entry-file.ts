import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { InstalledPackage } from './package-json.ts';

/**
 * The module that `import 'name'` would load.
 * @throws Error where its exports map has none for `import`
 */
export function entryFile({ name, folder, json: { exports } }: InstalledPackage): string {
  if (exports === undefined) return createRequire(join(folder, 'package.json')).resolve(folder);
  const hasPaths = isObject(exports) && Object.keys(exports).some((key) => key.startsWith('.'));
  const target = chosen(hasPaths ? (exports as Record<string, unknown>)['.'] : exports, importConditions());
  if (target === undefined)
    throw new Error(`The package ${name} has no module to import: see "exports" in its package.json.`);
  return join(folder, target);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The target of an exports map under some conditions (Node's documentation of packages, "Conditional exports"). */
function chosen(target: unknown, conditions: ReadonlySet<string>): string | undefined {
  if (typeof target === 'string') return target;
  const alternatives = Array.isArray(target)
    ? (target as unknown[])
    : Object.entries(isObject(target) ? target : {})
        .filter(([condition]) => conditions.has(condition))
        .map(([, each]) => each);
  for (const each of alternatives) {
    const found = chosen(each, conditions);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Those of `import` in this process, with what `--conditions` adds. */
function importConditions(): ReadonlySet<string> {
  const options = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  const added = options.flatMap((option, i) => {
    const [, flag, value] = /^(-C|--conditions)(?:=(.+))?$/.exec(option) ?? [];
    return flag === undefined ? [] : [value ?? options[i + 1] ?? ''];
  });
  return new Set(['node', 'import', 'module-sync', 'default', ...added]);
}
