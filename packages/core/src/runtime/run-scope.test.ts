import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeatureStore } from '../data/feature-store.ts';
import { definePlugin, type Plugin, type PluginContext } from '../plugins/plugin.ts';
import type { Backend } from '../ports/backend.ts';
import type { RunContext, RunSubscriber } from '../runs/subscriber.ts';
import { BACKEND, FEATURE_STORE, PROGRESS, RUN_SIGNAL } from '../runs/tokens.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { createHeadstart } from './create-headstart.ts';

let backend: Backend;
let root: string;
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-scope-'));
});
afterAll(() => rm(root, { recursive: true }));

let runs = 0;
const plugin = (name: string, setup: (context: PluginContext<undefined>) => void): Plugin =>
  definePlugin({ name, version: '1.0.0', headstart: '*', setup })();
const compose = (...plugins: Plugin[]) =>
  createHeadstart({ backend, plugins: [pointPlugin(), ...plugins], cacheRoot: join(root, `cache-${++runs}`) });
const request = () => ({ target: 'points', strategy: 'linear-probe', epochs: 2, out: join(root, `run-${runs}`) });

/** Notes each event by name, and its own end. */
function noting(seen: string[], more: RunSubscriber = {}): RunSubscriber {
  return {
    choice: ({ what }) => void seen.push(`choice ${what}`),
    runStart: () => void seen.push('runStart'),
    epochEnd: ({ epoch }) => void seen.push(`epoch ${epoch}`),
    runEnd: () => void seen.push('runEnd'),
    runError: (error) => void seen.push(`runError ${(error as Error).message}`),
    dispose: () => void seen.push('dispose'),
    ...more,
  };
}

describe('a subscriber to runs', () => {
  it('is made for each run, hears all of it in order, and disposed of with it', async () => {
    const seen: string[] = [];
    const contexts: RunContext[] = [];
    const headstart = await compose(
      plugin('tracker', ({ events }) =>
        events.add((context) => {
          contexts.push(context);
          return noting(seen);
        }),
      ),
    );
    expect(headstart.subscribers().map((one) => one.plugin)).toEqual(['tracker']);
    const { runId, model } = await headstart.train(request());
    expect(seen).toEqual([
      ...['reader', 'task', 'source', 'strategy', 'epochs', 'batch', 'augmentation', 'backend'].map(
        (what) => `choice ${what}`,
      ),
      'runStart',
      'epoch 1',
      'epoch 2',
      'runEnd',
      'dispose',
    ]);
    expect(contexts[0]!.run).toMatchObject({ runId, directory: model, request: { epochs: 2, batchSize: 64 } });
    await headstart.train({ ...request(), out: join(root, 'again') });
    expect(contexts[1]!.run.directory).toBe(join(root, 'again'));
  });

  it('asks for services while the run lasts: those of all runs, and its own signal', async () => {
    const CLOCK = Symbol('Clock');
    let resolve: RunContext['resolve'] | undefined;
    const found: unknown[] = [];
    const headstart = await compose(
      plugin('tracker', ({ events }) =>
        events.add((context) => {
          resolve = (token) => context.resolve(token);
          return { epochEnd: () => void found.push(context.resolve(CLOCK), context.resolve(RUN_SIGNAL)) };
        }),
      ),
      plugin('clock', ({ services }) => services.provide(CLOCK, () => 'tick')),
    );
    await headstart.train({ ...request(), epochs: 1 });
    expect(found).toEqual(['tick', expect.any(AbortSignal)]);
    expect(() => resolve!(BACKEND)).toThrow(/disposed/);
  });

  it('hears of a failure and is disposed of after it, also where others fail at that', async () => {
    const seen: string[] = [];
    const headstart = await compose(
      plugin('broken', ({ events }) =>
        events.add(() => ({
          runError() {
            throw new Error('while told');
          },
          dispose: () => Promise.reject(new Error('while disposed of')),
        })),
      ),
      plugin('tracker', ({ events }) => events.add(() => noting(seen))),
    );
    const events = {
      epochEnd() {
        throw new Error('out of luck');
      },
    };
    await expect(headstart.train(request(), { events })).rejects.toThrow('out of luck');
    expect(seen.slice(-3)).toEqual(['runStart', 'runError out of luck', 'dispose']);
  });

  it('is disposed of where the next one cannot be made, and the error names the plugin', async () => {
    const seen: string[] = [];
    const headstart = await compose(
      plugin('tracker', ({ events }) => events.add(() => noting(seen))),
      plugin('broken', ({ events }) =>
        events.add(() => {
          throw new TypeError('no address');
        }),
      ),
    );
    await expect(headstart.train(request())).rejects.toMatchObject({
      message: expect.stringMatching(/"broken".*no address/) as string,
    });
    expect(seen.slice(-1)).toEqual(['dispose']);
  });

  it('ends the run where it fails, and the error names its plugin', async () => {
    const headstart = await compose(
      plugin('broken', ({ events }) =>
        events.add(() => ({
          epochEnd() {
            throw new TypeError('no address');
          },
        })),
      ),
    );
    await expect(headstart.train(request())).rejects.toMatchObject({
      code: 'plugin-failed',
      message: 'Plugin "broken", subscriber to runs: no address',
    });
  });

  it('warns whoever hears the run, each message once', async () => {
    const heard: string[] = [];
    const seen: string[] = [];
    const headstart = await compose(
      plugin('tracker', ({ events }) =>
        events.add(({ warn }) => ({ epochEnd: () => warn('nobody answers'), dispose: () => warn('gone') })),
      ),
      plugin('listener', ({ events }) => events.add(() => ({ warning: (message) => void seen.push(message) }))),
    );
    await headstart.train(request(), { events: { warning: (message) => void heard.push(message) } });
    expect(heard).toEqual(['nobody answers', 'gone']);
    expect(seen).toEqual(heard);
  });

  it('can end a phase', async () => {
    const seen: string[] = [];
    const headstart = await compose(
      plugin('impatient', ({ events }) => events.add(() => ({ epochEnd: () => 'stop' }))),
      plugin('tracker', ({ events }) => events.add(() => noting(seen))),
    );
    await headstart.train(request());
    expect(seen.filter((event) => event.startsWith('epoch'))).toEqual(['epoch 1']);
  });
});

describe('a replaced service', () => {
  it('is what runs use and lists name', async () => {
    const opened: string[] = [];
    const headstart = await compose(
      plugin('counting', ({ services }) =>
        services.replace(
          FEATURE_STORE,
          (original): FeatureStore => ({
            open(key) {
              opened.push(key.stage);
              return original.open(key);
            },
          }),
        ),
      ),
    );
    expect(headstart.services()).toContainEqual({ plugin: 'counting', value: { id: 'FeatureStore', replaces: true } });
    expect(headstart.services()).toContainEqual({
      plugin: '@headstart/core',
      value: { id: 'FeatureStore', replaces: false },
    });
    await headstart.train(request());
    expect(opened.length).toBeGreaterThan(0);
  });

  it('is what the rest of core reports its progress to', async () => {
    const labels: string[] = [];
    const headstart = await compose(
      plugin('bars', ({ services }) =>
        services.replace(PROGRESS, () => ({
          start({ label }) {
            labels.push(label);
            return { update() {}, end() {} };
          },
        })),
      ),
    );
    await headstart.embed('point-net', ['0,3']);
    await headstart.train(request());
    expect(labels).toEqual(expect.arrayContaining(['embedding', 'features', 'probe 1/2']));
  });
});
