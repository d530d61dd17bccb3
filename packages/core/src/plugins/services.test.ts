import 'reflect-metadata';
import { container as root } from 'tsyringe';
import { beforeEach, describe, expect, it } from 'vitest';
import { BACKEND, FEATURE_STORE, RUN_EVENTS } from '../runs/tokens.ts';
import { Services } from './services.ts';

const CLOCK = Symbol('Clock');
let container = root.createChildContainer();
let services: Services;
beforeEach(() => {
  container = root.createChildContainer();
  services = new Services(container);
});

describe('replacing a service', () => {
  it.each(['before', 'after'])('wraps what is provided, where it is replaced %s that', (order) => {
    const steps = [
      () => services.provide('clock', CLOCK, () => 'tick'),
      () => services.replace('loud', CLOCK, (original) => `${String(original)}!`),
    ];
    for (const step of order === 'before' ? steps.reverse() : steps) step();
    expect(services.replacementProblem()).toBeUndefined();
    expect(container.resolve(CLOCK)).toBe('tick!');
    expect(services.find(CLOCK)()).toBe('tick!');
    expect(services.list()).toEqual([
      { plugin: 'clock', value: { id: 'Clock', replaces: false } },
      { plugin: 'loud', value: { id: 'Clock', replaces: true } },
    ]);
  });

  it('is for one plugin: the error names both', () => {
    services.replace('first', FEATURE_STORE, (original) => original);
    expect(() => services.replace('second', FEATURE_STORE, (original) => original)).toThrow(
      expect.objectContaining({
        code: 'plugin-conflict',
        message: 'The plugin "second" replaces the service FeatureStore, which "first" replaces already.',
      }),
    );
  });

  it('is refused for what core alone provides, as providing it is', () => {
    for (const token of [BACKEND, RUN_EVENTS]) {
      const refused = expect.objectContaining({
        code: 'plugin-invalid',
        message: expect.stringContaining('"other"') as string,
      }) as Error;
      expect(() => services.replace('other', token as never, () => null)).toThrow(refused);
      expect(() => services.provide('other', token as never, () => null)).toThrow(refused);
    }
  });

  it('is an error where nobody provides the service', () => {
    services.replace('other', CLOCK, (original) => original);
    expect(services.replacementProblem()).toMatchObject({
      plugin: 'other',
      error: {
        code: 'plugin-invalid',
        message: 'The plugin "other" replaces the service Clock, which nobody provides.',
      },
    });
  });
});
