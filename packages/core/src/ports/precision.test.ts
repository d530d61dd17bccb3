import { describe, expect, it } from 'vitest';
import { choosePrecision } from './precision.ts';

const backend = (precisions?: Parameters<typeof choosePrecision>[0]['precisions']) => ({
  name: 'some',
  device: 'cpu' as const,
  precisions,
});

describe('choosing a precision', () => {
  it('is float32 unless asked, on every backend', () => {
    expect(choosePrecision(backend())).toMatchObject({ precision: 'float32' });
    expect(choosePrecision(backend({ bfloat16: 'fast' }), 'float32')).toMatchObject({ precision: 'float32' });
  });

  it('takes for "mixed" what the processor has instructions for, bfloat16 first', () => {
    expect(choosePrecision(backend({ bfloat16: 'fast', float16: 'fast' }), 'mixed').precision).toBe('bfloat16');
    expect(choosePrecision(backend({ bfloat16: 'slow', float16: 'fast' }), 'mixed').precision).toBe('float16');
  });

  it('refuses "mixed" where it would only be slower, and takes the types themselves with a word of warning', () => {
    const slow = backend({ bfloat16: 'slow', float16: 'slow' });
    expect(() => choosePrecision(slow, 'mixed')).toThrow(
      expect.objectContaining({
        code: 'not-supported',
        message: expect.stringContaining('slower than float32') as unknown,
      }) as Error,
    );
    expect(choosePrecision(slow, 'float16')).toMatchObject({
      precision: 'float16',
      why: expect.stringContaining('slower') as unknown,
    });
  });

  it('refuses what a backend cannot do', () => {
    for (const asked of ['mixed', 'bfloat16', 'float16'] as const) {
      expect(() => choosePrecision(backend(), asked)).toThrow(
        expect.objectContaining({ code: 'not-supported' }) as Error,
      );
    }
    expect(() => choosePrecision(backend({ bfloat16: 'fast' }), 'float16')).toThrow(/it can in: bfloat16/);
  });
});
