import { HeadstartError } from '@headstart/artifacts/errors';
import { describe, expect, it } from 'vitest';
import { watchApp } from './watch-app.ts';

const { BenchWatch } = await import('@headstart/bench');
const watch = new BenchWatch('A benchmark');
const none = new HeadstartError({ code: 'target-not-found', message: 'There is none.', hint: 'Wait.' });
const app = watchApp({
  watch,
  page: async () => '<p>page</p>',
  report: () => Promise.reject(none),
});
const ask = (url: string) => app.request(url);

describe('a benchmark that is watched', () => {
  it('answers with its page, how far it is, and its report', async () => {
    expect(await (await ask('http://localhost/')).text()).toBe('<p>page</p>');
    expect(await (await ask('http://127.0.0.1:8090/progress.json')).json()).toEqual(watch.snapshot);
    const report = await ask('http://localhost/report.html');
    expect([report.status, await report.text()]).toEqual([503, 'There is none.\nWait.\n']);
  });

  it('does not answer for another name that leads to this machine', async () => {
    expect((await ask('http://attacker.example/progress.json')).status).toBe(421);
  });
});
