import { describe, expect, it } from 'vitest';
import { encodeContextConfig, encodeFunctionConfig } from './context-config.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// Expected bytes: what the ConfigProto class of TensorFlow 2.21's Python package serialises.
describe('the bytes of ConfigProto', () => {
  it('hide the GPU and set the threads', () => {
    // device_count { key: "GPU" value: 0 } intra 4 inter 300 allow_soft_placement
    expect(hex(encodeContextConfig({ useGpu: false, threads: { intraOp: 4, interOp: 300 } }))).toBe(
      '0a070a0347505510001004' + '28ac02' + '3801',
    );
  });

  it('let GPU memory grow', () => {
    expect(hex(encodeContextConfig({ useGpu: true, threads: { intraOp: 0, interOp: 0 } }))).toBe(
      '3202' + '2001' + '3801',
    );
  });

  it('limit GPU memory by a virtual device', () => {
    // gpu_options { allow_growth: true experimental { virtual_devices { memory_limit_mb: 1024 } } }: a packed float, 1024 = 0x44800000
    expect(hex(encodeContextConfig({ useGpu: true, memoryLimitMb: 1024, threads: { intraOp: 0, interOp: 0 } }))).toBe(
      '320c' + '2001' + '4a080a060a0400008044' + '3801',
    );
  });
});

describe('the configuration of a captured step', () => {
  it('optimises its graph, without what would change a rounding', () => {
    // As TensorFlow 2.21's own ConfigProto serialises it in Python: constant_folding, arithmetic, dependency, loop, function,
    // shape, scoped_allocator and pin_to_host optimization and implementation_selector OFF, memory_optimization NO_MEM_OPT,
    // meta_optimizer_iterations ONE, remapping ON.
    expect([...encodeFunctionConfig()]).toEqual([
      82, 28, 82, 26, 24, 2, 32, 1, 56, 2, 64, 2, 72, 2, 80, 2, 96, 1, 104, 2, 112, 1, 120, 2, 144, 1, 2, 176, 1, 2,
    ]);
  });
});
