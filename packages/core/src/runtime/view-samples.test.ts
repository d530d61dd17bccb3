import 'reflect-metadata';
import { silentProgress } from '@headstart/artifacts';
import { container } from 'tsyringe';
import { expect, it } from 'vitest';
import { builtIn } from '../plugins/built-in.ts';
import { Registries } from '../plugins/registries.ts';
import { Services } from '../plugins/services.ts';
import { setUpPlugin } from '../plugins/set-up.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { viewSamples } from './view-samples.ts';

it('finds samples by their digests, each once, as the task of the data shows them', async () => {
  const registries = new Registries();
  for (const plugin of [builtIn(), pointPlugin()])
    setUpPlugin(plugin, registries, new Services(container.createChildContainer()));
  const task = registries.task('point-classification');
  registries.addTask('test', { ...task, id: 'seen', view: ({ digest }) => ({ texts: [`text of ${digest}`] }) });
  registries.addDataset('test', {
    id: 'some-points',
    modality: 'point',
    description: 'Three points, two of them alike',
    licence: 'MIT',
    task: 'seen',
    load: async () => ({
      id: 'some-points',
      modality: 'point',
      reader: 'any',
      labels: ['no', 'yes'],
      samples: ['one', 'two', 'one'].map((digest, n) => ({ sample: { id: `s${n}`, digest, label: n % 2 } })),
      skipped: [],
    }),
  });
  const services = { registries, artifacts: {} as never, progress: silentProgress };
  const found = await viewSamples(services, { target: 'some-points', digests: ['one', 'three'] });
  expect([...found]).toEqual([['one', { id: 's0', texts: ['text of one'] }]]);
});
