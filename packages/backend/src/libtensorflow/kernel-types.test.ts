import type { Backend } from '@headstart/core/backend';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../open-backend.ts';
import { DataType } from './data-types.ts';
import { decodeKernels, kernelsOf } from './kernel-types.ts';
import { loadedLibrary } from './open.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
});
afterAll(() => backend.close());

/** A field of nested bytes. */
const nested = (field: number, ...bytes: number[]) => [(field << 3) | 2, bytes.length, ...bytes];
const text = (field: number, value: string) => nested(field, ...Buffer.from(value));

describe('the kernels of an op', () => {
  it('are those of the library, by device and type', () => {
    const kernels = kernelsOf(loadedLibrary()!, 'MatMul').filter(({ device }) => device === 'CPU');
    const types = new Set(kernels.flatMap(({ types }) => [...types.get('T')!]));
    for (const type of [DataType.float, DataType.bfloat16, DataType.half]) expect(types).toContain(type);
    for (const type of [DataType.string, DataType.bool]) expect(types).not.toContain(type);
    expect(kernelsOf(loadedLibrary()!, 'NoSuchOp')).toEqual([]);
  });

  it('are read from their message; one with a label is for graphs that ask for it', () => {
    // KernelDef { op: "X" device_type: "GPU" constraint { name: "T" allowed_values { list { type: [1, 19] } } } }
    const constraint = nested(3, ...text(1, 'T'), ...nested(2, ...nested(1, ...nested(6, 1, 19))));
    const plain = [...text(1, 'X'), ...text(2, 'GPU'), ...constraint];
    const bytes = Uint8Array.from([...nested(1, ...plain), ...nested(1, ...plain, ...text(5, 'eigen'))]);
    expect(decodeKernels(bytes)).toEqual([{ device: 'GPU', types: new Map([['T', new Set([1, 19])]]) }]);
    // The same list unpacked.
    const unpacked = [
      ...text(2, 'CPU'),
      ...nested(3, ...text(1, 'T'), ...nested(2, ...nested(1, 6 << 3, 1, 6 << 3, 14))),
    ];
    expect(decodeKernels(Uint8Array.from(nested(1, ...unpacked)))[0]!.types.get('T')).toEqual(new Set([1, 14]));
  });
});
