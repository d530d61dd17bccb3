import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { orderOfChoice } from '../choice/order.ts';
import { adapterName, isSoftware } from './adapter.ts';
import { driverFiles, mayHaveGpu } from './vulkan-loader.ts';

const info = { vendor: '', architecture: '', device: '', description: '' };

it('names an adapter by what its driver says', () => {
  expect(adapterName({ ...info, vendor: 'nvidia', architecture: 'lovelace', device: 'NVIDIA GeForce RTX 4070' })).toBe(
    'NVIDIA GeForce RTX 4070 (nvidia, lovelace)',
  );
  expect(adapterName({ ...info, vendor: 'apple', description: 'Metal driver' })).toBe('Metal driver (apple)');
  expect(adapterName(info)).toBe('an adapter without a name');
});

it('knows software adapters, also those that do not say so', () => {
  expect(isSoftware({ ...info, isFallbackAdapter: true })).toBe(true);
  expect(isSoftware({ ...info, device: 'llvmpipe (LLVM 15.0.6, 256 bits)' })).toBe(true);
  expect(isSoftware({ ...info, description: 'Microsoft Basic Render Driver' })).toBe(true);
  expect(isSoftware({ ...info, vendor: 'intel', architecture: 'gen-12lp', isFallbackAdapter: false })).toBe(false);
});

it('tells a machine with a GPU by its device files on Linux', async () => {
  const devices = await mkdtemp(join(tmpdir(), 'headstart-devices-'));
  try {
    expect(mayHaveGpu(devices, 'linux')).toBe(false);
    await mkdir(join(devices, 'dri'));
    await writeFile(join(devices, 'dri', 'card0'), '');
    expect(mayHaveGpu(devices, 'linux')).toBe(false);
    await writeFile(join(devices, 'dri', 'renderD128'), '');
    expect(mayHaveGpu(devices, 'linux')).toBe(true);
    expect(mayHaveGpu(join(devices, 'none'), 'darwin')).toBe(true);
  } finally {
    await rm(devices, { recursive: true });
  }
});

it('reads the driver files that take the place of the installed ones', () => {
  expect(driverFiles({ VK_DRIVER_FILES: '/a.json', VK_ICD_FILENAMES: '/b.json' })).toEqual(['/a.json']);
  expect(driverFiles({ VK_ICD_FILENAMES: '/b.json' })).toEqual(['/b.json']);
  expect(driverFiles({})).toEqual([]);
});

it('chooses libtensorflow on CUDA, then WebGPU, then libtensorflow on the CPU', () => {
  const rest = ['tfjs-node', 'wasm', 'cpu'];
  expect(orderOfChoice('auto', { cuda: true, webgpu: true })).toEqual(['libtensorflow', 'webgpu', ...rest]);
  expect(orderOfChoice('auto', { cuda: false, webgpu: true })).toEqual(['webgpu', 'libtensorflow', ...rest]);
  expect(orderOfChoice('auto', { cuda: false, webgpu: false })).toEqual(['libtensorflow', ...rest]);
  expect(orderOfChoice('cpu', { cuda: false, webgpu: true })).toEqual(['libtensorflow', ...rest]);
});
