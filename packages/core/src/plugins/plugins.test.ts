import 'reflect-metadata';
import { container as root } from 'tsyringe';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SourceDomain } from '../domains/source-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { CORE_VERSION } from '../ports/version.ts';
import type { Metric } from '../metrics/metric.ts';
import { linearProbe } from '../strategies/linear-probe.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { pointDataset, pointTask } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { builtIn } from './built-in.ts';
import { definePlugin, type Plugin, type PluginContext, type PluginDefinition } from './plugin.ts';
import { Registries } from './registries.ts';
import { Services } from './services.ts';
import { setUpPlugin } from './set-up.ts';

let registries: Registries;
let container = root.createChildContainer();
let services: Services;
beforeEach(() => {
  registries = new Registries();
  container = root.createChildContainer();
  services = new Services(container);
});
const setUp = (plugin: Plugin) => setUpPlugin(plugin, registries, services);
const plugin = (more: Partial<PluginDefinition>): Plugin =>
  definePlugin({ name: 'extra', version: '1.0.0', headstart: `^${CORE_VERSION}`, setup() {}, ...more })();

function failure(work: () => void): HeadstartError {
  try {
    work();
  } catch (error) {
    if (HeadstartError.is(error)) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

describe('setting up a plugin', () => {
  it('registers what the plugin brings, under its name', () => {
    const metric: Metric = { id: 'score', kind: 'classification', description: 'One', compute: () => 1 };
    const reader = {
      id: 'files',
      modality: 'point',
      description: 'Files',
      task: 't',
      detect: async () => 0,
      read: () => Promise.reject(new Error()),
    };
    const scheme = {
      scheme: 'made',
      modality: 'point',
      description: 'Made up',
      resolve: (rest: string): SourceDomain => ({ ...pointSource, id: `made:${rest}` }),
    };
    setUp(
      plugin({
        setup({ sources, readers, datasets, tasks, strategies, metrics }) {
          sources.add(pointSource);
          sources.addScheme(scheme);
          readers.add(reader);
          datasets.add(pointDataset);
          tasks.add(pointTask);
          strategies.add(linearProbe);
          metrics.add(metric);
        },
      }),
    );
    expect(registries.sources.list()).toMatchObject([{ plugin: 'extra', value: { id: pointSource.id } }]);
    const kinds = ['schemes', 'readers', 'datasets', 'tasks', 'strategies', 'metrics'] as const;
    expect(kinds.map((kind) => registries[kind].names())).toEqual([
      ['made'],
      ['files'],
      ['points'],
      ['point-classification'],
      ['linear-probe'],
      ['classification/score'],
    ]);
    expect(registries.source('point-net').card).toBe(pointSource.card);
    expect(registries.source('made:a:b').id).toBe('made:a:b');
    expect(failure(() => registries.source('point-ned'))).toMatchObject({
      code: 'unknown-name',
      hint: expect.stringContaining('Did you mean "point-net"?') as string,
    });
    expect(failure(() => registries.source('mad:x')).hint).toContain('made:…');
  });

  it('brings the built-in strategies of this version', () => {
    setUp(builtIn());
    expect(registries.strategies.names()).toEqual([
      'linear-probe',
      'fine-tune',
      'gradual-unfreeze',
      'lp-ft',
      'l2-sp',
      'lora',
      'contrastive',
      'from-scratch',
      'bottleneck-probe',
      'adabn',
      'coral',
      'dan',
      'dann',
      'cdan',
      'mcc',
      'mdd',
      'self-training',
      'shot',
      'tent',
    ]);
    expect(registries.strategies.list().every(({ plugin: name }) => name === '@headstart/core')).toBe(true);
  });

  it('refuses a name that is taken, and names both plugins', () => {
    const add = (name: string) => plugin({ name, setup: ({ strategies }) => strategies.add(linearProbe) });
    setUp(add('first'));
    const error = failure(() => setUp(add('second')));
    expect(error.code).toBe('plugin-conflict');
    expect(error.message).toBe(
      'The plugin "second" adds the strategy "linear-probe", which "first" has added already.',
    );
  });

  it.each([
    ['^9.0.0', 'plugin-incompatible', CORE_VERSION],
    ['around 2', 'plugin-invalid', 'around 2'],
  ])('refuses the core range "%s"', (headstart, code, named) => {
    const error = failure(() => setUp(plugin({ headstart })));
    expect(error.code).toBe(code);
    expect(error.message).toContain('"extra"');
    expect(error.message).toContain(named);
  });

  it('takes options that parse, and names the plugin and the option that does not', () => {
    const seen: unknown[] = [];
    const optional = definePlugin({
      name: 'optional',
      version: '1.0.0',
      headstart: '*',
      options: z.object({ size: z.number().default(3) }),
      setup: ({ options }) => void seen.push(options),
    });
    setUp(optional({ size: 5 }));
    setUp(optional());
    expect(seen).toEqual([{ size: 5 }, { size: 3 }]);
    const error = failure(() => setUp(optional({ size: 'large' } as never)));
    expect(error.code).toBe('plugin-invalid');
    expect(error.message).toMatch(/"optional".*number.*size/);
  });

  it('wraps what a set-up throws, but lets its own errors through', () => {
    const cause = new Error('out of luck');
    const error = failure(() =>
      setUp(
        plugin({
          setup() {
            throw cause;
          },
        }),
      ),
    );
    expect(error).toMatchObject({ code: 'plugin-invalid', cause });
    expect(error.message).toMatch(/"extra".*out of luck/);
    const own = new HeadstartError({ code: 'usage', message: 'm', hint: 'h' });
    expect(
      failure(() =>
        setUp(
          plugin({
            setup() {
              throw own;
            },
          }),
        ),
      ),
    ).toBe(own);
  });

  it('refuses a set-up that goes on later, without an unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const late = plugin({ setup: () => Promise.reject(new Error('late')) as never });
    expect(failure(() => setUp(late))).toMatchObject({
      code: 'plugin-invalid',
      message: expect.stringContaining('asynchronous') as string,
    });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it.each([undefined, {}, () => {}, { definition: { name: 'x' } }])(
    'refuses what definePlugin did not make: %o',
    (thing) => {
      expect(failure(() => setUp(thing as never))).toMatchObject({
        code: 'plugin-invalid',
        hint: expect.stringContaining('plugins: [vision()]') as string,
      });
    },
  );

  it('provides a service once, made when it is first asked for', () => {
    const token = Symbol('Clock');
    class Clock {}
    let made = 0;
    const provide = (to: symbol | typeof Clock) =>
      plugin({ setup: ({ services }) => services.provide(to as never, () => ({ made: ++made })) });
    setUp(provide(token));
    expect(made).toBe(0);
    expect(container.resolve(token)).toBe(container.resolve(token));
    expect(made).toBe(1);
    expect(failure(() => setUp(provide(token)))).toMatchObject({
      code: 'plugin-conflict',
      message: expect.stringContaining('the service Clock, which "extra" provides already') as string,
    });
    setUp(provide(Clock));
    expect(failure(() => setUp(provide(Clock))).message).toContain('the service Clock,');
  });

  it('refuses what is added after the plugin was set up, and what is looked for before that has ended', () => {
    let late: PluginContext | undefined;
    setUp(plugin({ setup: (context) => void (late = context) }));
    const { sources, readers, metrics, services } = late!;
    const error = (what: string) => ({
      code: 'plugin-invalid',
      message: expect.stringContaining(`Plugin "extra", ${what}: it is added after the plugin was set up`) as string,
    });
    expect(failure(() => sources.add(pointSource))).toMatchObject(error('source "point-net"'));
    expect(failure(() => readers.add({ id: 'late' } as never))).toMatchObject(error('reader "late"'));
    expect(failure(() => metrics.addKind('scores'))).toMatchObject(error('kind of evidence "scores"'));
    expect(failure(() => services.provide('clock', () => 1))).toMatchObject(error('service "clock"'));
    expect(registries.sources.names()).toEqual([]);
    const early = plugin({ setup: (context) => void context.services.find('clock')() });
    expect(failure(() => setUp(early))).toMatchObject({
      code: 'plugin-invalid',
      message: expect.stringMatching(/"extra" asks for the service "clock" while it is set up/) as string,
    });
  });

  it('distinguishes metrics of one name by the evidence that they are computed from', () => {
    setUp(builtIn());
    expect(registries.metrics.names()).toEqual(
      expect.arrayContaining(['classification/macroF1', 'multi-label/macroF1', 'scores/mse', 'retrieval/mrr']),
    );
    const again: Metric = { id: 'macroF1', kind: 'multi-label', description: 'Again', compute: () => 0 };
    expect(failure(() => setUp(plugin({ setup: ({ metrics }) => metrics.add(again) })))).toMatchObject({
      code: 'plugin-conflict',
      message: expect.stringContaining('adds the metric "multi-label/macroF1"') as string,
    });
  });

  it('finds a source that another plugin adds, whichever was set up first', () => {
    const found: (() => SourceDomain)[] = [];
    setUp(plugin({ setup: ({ sources }) => void found.push(sources.find(pointSource.id), sources.find('nowhere')) }));
    setUp(
      definePlugin({
        name: 'other',
        version: '1.0.0',
        headstart: '*',
        setup: ({ sources }) => sources.add(pointSource),
      })(),
    );
    expect(found[0]!()).toBe(registries.source(pointSource.id));
    expect(failure(() => found[1]!())).toMatchObject({ code: 'unknown-name' });
  });

  it('finds a strategy that another plugin adds, whichever was set up first', () => {
    const found: (() => Strategy)[] = [];
    const [own, other] = ['own', 'other'].map((id): Strategy => ({ ...linearProbe, id }));
    setUp(
      plugin({
        setup: ({ strategies }) =>
          void found.push(strategies.find('other'), strategies.find('own'), strategies.find('none')),
      }),
    );
    setUp(
      definePlugin({
        name: 'others',
        version: '1.0.0',
        headstart: '*',
        setup: ({ strategies }) => [own!, other!].forEach((each) => strategies.add(each)),
      })(),
    );
    expect(found.slice(0, 2).map((find) => find().id)).toEqual([other!.id, own!.id]);
    expect(failure(() => found[2]!())).toMatchObject({ code: 'unknown-name' });
  });

  it('finds a service that another plugin provides, whichever was set up first', () => {
    const [provided, absent] = [Symbol('Clock'), Symbol('Calendar')];
    const found: (() => unknown)[] = [];
    setUp(plugin({ setup: ({ services }) => void found.push(services.find(provided), services.find(absent)) }));
    setUp(
      definePlugin({
        name: 'other',
        version: '1.0.0',
        headstart: '*',
        setup: ({ services }) => services.provide(provided, () => 'tick'),
      })(),
    );
    expect(found.map((find) => find())).toEqual(['tick', undefined]);
  });
});
