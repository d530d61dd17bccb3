import { describe, expect, it, vi } from 'vitest';
import { HeadstartError } from './headstart-error.ts';

const details = { code: 'usage', message: 'what', hint: 'how' } as const;

describe('HeadstartError', () => {
  it('knows its own, and those of a second copy of the module, by instanceof and by name', async () => {
    vi.resetModules();
    const copy = await import('./headstart-error.ts');
    expect(copy.HeadstartError).not.toBe(HeadstartError);
    for (const error of [new HeadstartError(details), new copy.HeadstartError(details)]) {
      expect(HeadstartError.is(error)).toBe(true);
      expect(error instanceof HeadstartError).toBe(true);
      expect(error instanceof Error).toBe(true);
      expect(JSON.parse(JSON.stringify(error))).toEqual(details);
      expect(Object.keys(error).sort()).toEqual(['code', 'hint', 'name']);
    }
  });

  it('takes nothing else for one', () => {
    for (const other of [new Error('what'), { ...details }, 'usage', null, undefined]) {
      expect(HeadstartError.is(other)).toBe(false);
      expect((other as unknown) instanceof HeadstartError).toBe(false);
    }
    class Special extends HeadstartError {}
    expect(new HeadstartError(details) instanceof Special).toBe(false);
    expect(new Special(details) instanceof Special).toBe(true);
  });
});
