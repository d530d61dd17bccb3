import { readSafetensors, readTorchCheckpoint } from '@headstart/core/formats';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Draw } from '../draw.ts';
import type { Family } from '../family.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { mutateJson } from '../mutate-json.ts';
import { once } from '../seeds.ts';
import { picklesOf } from './pickles.ts';

const fixture = (name: string) =>
  readFile(new URL(`../../../packages/core/src/formats/fixtures/${name}`, import.meta.url));

const TORCH = 'w.pth';
const SAFETENSORS = 'w.safetensors';
const torchSeeds = once(() => Promise.all(['tiny-zip.pth', 'tiny-legacy.pth'].map(fixture)));

/** Files of `torch.save`: altered, or with a pickle that is made up. */
export const torch: Family = {
  name: 'torch',
  needs: [TORCH],
  valid: async () => (await torchSeeds()).map((bytes) => new Map([[TORCH, bytes]])),
  async make(draw) {
    const bytes = draw.once(2) ? picklesOf(draw) : mutateBytes(draw, draw.of(await torchSeeds()));
    return new Map([[TORCH, bytes]]);
  },
  async read(folder) {
    for (const tensor of (await readTorchCheckpoint(join(folder, TORCH))).values()) await tensor.read();
  },
};

/** Files of safetensors. */
export const safetensors: Family = {
  name: 'safetensors',
  needs: [SAFETENSORS],
  valid: () => [new Map([[SAFETENSORS, plain]])],
  make: (draw) => new Map([[SAFETENSORS, draw.once(3) ? mutateBytes(draw, plain) : withHeader(draw)]]),
  async read(folder) {
    for (const tensor of (await readSafetensors(join(folder, SAFETENSORS))).tensors.values()) await tensor.read();
  },
};

const HEADER = {
  __metadata__: { format: 'pt' },
  a: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] },
  b: { dtype: 'BF16', shape: [4], data_offsets: [16, 24] },
  c: { dtype: 'I64', shape: [], data_offsets: [24, 32] },
};
const plain = safetensorsOf(Buffer.from(JSON.stringify(HEADER)));

function withHeader(draw: Draw): Buffer {
  return safetensorsOf(mutateJson(draw, HEADER));
}

function safetensorsOf(header: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(32, 7)]);
}
