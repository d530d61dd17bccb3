import { HeadstartError } from '@headstart/core';
import { loadDawn } from './packages.ts';
import { loadVulkan } from './vulkan-loader.ts';

/** Limits of an adapter that decide what can be computed on it, in bytes and in numbers. */
export const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
  'maxStorageBuffersPerShaderStage',
] as const;

export type AdapterLimits = Readonly<Record<(typeof LIMITS)[number], number>>;

/** The largest tensor's bytes. */
export function largestBuffer({ maxBufferSize, maxStorageBufferBindingSize }: AdapterLimits): number {
  return Math.min(maxBufferSize, maxStorageBufferBindingSize);
}

/** What a driver says of an adapter. */
export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

/** What of WebGPU's device is used here. */
export interface GpuDevice {
  readonly lost: Promise<{ readonly reason?: string; readonly message: string }>;
  readonly limits: AdapterLimits;
  onuncapturederror: ((event: { readonly error: { readonly message: string } }) => void) | null;
  destroy(): void;
}

interface GpuAdapter {
  readonly info: AdapterInfo;
  readonly limits: AdapterLimits;
  readonly features: { has(name: string): boolean };
  requestDevice(descriptor: { requiredLimits: AdapterLimits; requiredFeatures: string[] }): Promise<GpuDevice>;
}

/** WebGPU's entry, `navigator.gpu` of a browser. */
export interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

/** An adapter that was found. */
export interface FoundAdapter {
  readonly gpu: Gpu;
  readonly adapter: GpuAdapter;
  /** Its driver's name for it. */
  readonly name: string;
  /** Computes on the processor, slowly. */
  readonly software: boolean;
  readonly limits: AdapterLimits;
}

/** Drivers that compute on the processor; not all of them say so. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

/**
 * Finds the adapter that the system prefers, by Dawn.
 *
 * @throws HeadstartError `backend-unavailable` where the package `webgpu`, a Vulkan loader or an adapter is missing
 */
export async function findAdapter(): Promise<FoundAdapter> {
  const { create, globals } = await loadDawn();
  loadVulkan();
  // The kernels of TensorFlow.js take classes and constants of WebGPU from the global scope, where a browser has them.
  Object.assign(globalThis, globals);
  const gpu = create([]) as unknown as Gpu;
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new HeadstartError({
      code: 'backend-unavailable',
      message: 'WebGPU finds no adapter on this machine: no GPU, or no driver for it that Dawn takes.',
      hint: 'Install or update the driver of your GPU (on Linux one for Vulkan 1.1 or newer; `vulkaninfo --summary` lists them), or choose another backend.',
    });
  }
  return {
    gpu,
    adapter,
    name: adapterName(adapter.info),
    software: isSoftware(adapter.info),
    limits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])) as AdapterLimits,
  };
}

export function isSoftware({ isFallbackAdapter, vendor, architecture, device, description }: AdapterInfo): boolean {
  return Boolean(isFallbackAdapter) || SOFTWARE.test([vendor, architecture, device, description].join(' '));
}

/** Such as `NVIDIA GeForce RTX 4070 (nvidia, lovelace)`; drivers leave some of it empty. */
export function adapterName({ vendor, architecture, device, description }: AdapterInfo): string {
  const parts = [vendor, architecture].filter((part) => part !== '').join(', ');
  const name = device || description || 'an adapter without a name';
  return parts === '' ? name : `${name} (${parts})`;
}
