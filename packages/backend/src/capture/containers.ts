import { Tensor } from '@tensorflow/tfjs-core';
import { CaptureRefusal } from './refusal.ts';

/** Replaces every leaf of nested arrays and plain objects; `visit` sees them in a fixed order. */
export function mapLeaves(value: unknown, visit: (leaf: unknown, path: string) => unknown, path = ''): unknown {
  if (Array.isArray(value)) return value.map((item, i) => mapLeaves(item, visit, `${path}[${i}]`));
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, mapLeaves(item, visit, `${path}.${name}`)]),
    );
  }
  return visit(value, path);
}

/** The tensors among nested arrays and plain objects, in the order of `mapLeaves`. */
export function tensorsIn(value: unknown): Tensor[] {
  const tensors: Tensor[] = [];
  mapLeaves(value, (leaf) => leaf instanceof Tensor && tensors.push(leaf as Tensor));
  return tensors;
}

/** Results that are not tensors are the same at every replay, which only these certainly are. */
export function checkResultLeaf(leaf: unknown, path: string): void {
  if (leaf === undefined || leaf === null || leaf instanceof Tensor) return;
  if (typeof leaf === 'object' || typeof leaf === 'function') {
    throw new CaptureRefusal(
      `its result holds ${path === '' ? 'an object' : `an object at ${path}`} that is not a tensor`,
    );
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || value instanceof Tensor) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
