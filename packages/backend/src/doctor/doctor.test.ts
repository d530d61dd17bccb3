import { describe, expect, it } from 'vitest';
import { installBackend } from '../provision/install.ts';
import { doctor } from './doctor.ts';

describe('doctor', () => {
  it('finds the library and reports for each engine whether it works and why not', async () => {
    await installBackend();
    const report = await doctor();
    expect(report.chosen).toBe('libtensorflow');
    expect(report.libtensorflow).toMatchObject({
      found: true,
      expectedVersion: '2.21.0',
      devices: expect.arrayContaining([expect.objectContaining({ type: 'CPU' })]) as unknown,
    });
    const engines = Object.fromEntries(report.engines.map((engine) => [engine.name, engine]));
    expect(engines.libtensorflow).toMatchObject({
      usable: true,
      trainsConvolutions: true,
      details: { tensorflow: expect.stringMatching(/^2\./) as unknown },
    });
    expect(engines.webgpu!.reason).not.toBe('');
    expect(engines.wasm).toMatchObject({ usable: true, trainsConvolutions: false });
    expect(engines.cpu).toMatchObject({ usable: true, trainsConvolutions: true });
    // Only where its addon is built is it usable; either way there is a reason.
    expect(engines['tfjs-node']!.reason).not.toBe('');
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('names a path that holds no library and goes on to the next engine', async () => {
    const report = await doctor({ ...process.env, HEADSTART_LIBTENSORFLOW: '/nowhere' });
    expect(report.libtensorflow).toMatchObject({
      found: false,
      problem: expect.stringContaining('/nowhere') as unknown,
    });
    expect(report.engines[0]).toMatchObject({
      name: 'libtensorflow',
      usable: false,
      reason: expect.stringContaining('/nowhere') as unknown,
    });
    expect(report.chosen).toBe('wasm');
  });
});
