import { describe, expect, it } from 'vitest';
import { checkBench } from './check-bench.ts';
import { settleBench } from './settle-bench.ts';

const least = {
  sources: ['minilm-l6'],
  domains: { train: ['sentiment-amazon'], adapt: [], test: ['sentiment-imdb', 'sentiment-yelp'] },
  strategies: ['linear-probe', 'contrastive'],
  shots: [8],
  seeds: 5,
};
const place = {
  file: 'bench.json',
  folder: '/data',
  datasets: ['sentiment-amazon', 'sentiment-imdb', 'sentiment-yelp'],
};
const settle = (config: unknown) => settleBench(checkBench('bench.json', config), place);

describe('a configuration', () => {
  it('may be the least one', () => {
    const { baseline, matrices, delta, alpha, workers } = settle(least);
    expect({ baseline, delta, alpha, workers }).toEqual({
      baseline: 'linear-probe',
      delta: 0.01,
      alpha: 0.05,
      workers: 1,
    });
    expect(matrices[0]).toMatchObject({ adapt: [null], shots: [8], seeds: [0, 1, 2, 3, 4] });
  });

  it('has its paths from its own folder, and names of its own', () => {
    const { matrices } = settle({
      sources: ['model:./runs/a', 'hf:owner/name'],
      domains: {
        train: ['photos', { target: '../texts.csv', name: 'texts', readerOptions: { text: 'body' } }],
        adapt: [null, 'new'],
        test: ['sentiment-imdb'],
      },
      strategies: [{ strategy: 'lora', name: 'lora of rank 4', options: { epochs: 3 } }],
    });
    const [matrix] = matrices;
    expect(matrix!.sources.map(({ source }) => source)).toEqual(['model:/data/runs/a', 'hf:owner/name']);
    expect(matrix!.train.map(({ name, setting }) => [name, setting.target])).toEqual([
      ['photos', '/data/photos'],
      ['texts', '/texts.csv'],
    ]);
    expect(matrix!.adapt.map((domain) => domain?.setting.target)).toEqual([undefined, '/data/new']);
    expect(matrix!.test[0]!.setting.target).toBe('sentiment-imdb');
    expect(matrix!.strategies[0]).toEqual({ name: 'lora of rank 4', strategy: 'lora', options: { epochs: 3 } });
  });

  it.each<[what: string, changes: object, says: RegExp]>([
    ['an unknown key', { shot: [8] }, /unknown key "shot"\. Did you mean "shots"\?/],
    [
      'one of its domains',
      { domains: { ...least.domains, tests: [] } },
      /unknown key "domains\.tests".*"domains\.test"/,
    ],
    [
      'one of a domain',
      { domains: { ...least.domains, train: [{ target: 'a', raeder: 'x' }] } },
      /"domains\.train\[0\]\.raeder".*reader/,
    ],
    ['a missing axis', { sources: undefined }, /sources is missing\. It has to be a list of sources/],
    ['an empty axis', { strategies: [] }, /strategies is \[\], and has to name at least one/],
    ['no shots', { shots: [0] }, /shots\[0\] is 0, and has to be a whole number, 1 or more/],
    ['half a seed', { seeds: 1.5 }, /seeds is 1\.5, and has to be a whole number/],
    ['a share above one', { alpha: 5 }, /alpha is 5, and has to be below 1/],
    ['a size that is none', { budget: { memory: 'much' } }, /budget\.memory is "much", and has to be a size/],
    [
      'a split of what is trained on',
      { domains: { ...least.domains, train: [{ target: 'a', split: 'test' }] } },
      /"domains\.train\[0\]\.split"/,
    ],
    ['a strategy twice', { strategies: ['lora', 'lora'] }, /strategies has "lora" twice\. Leave one out/],
    [
      'a baseline that is none',
      { baseline: 'linear-prob' },
      /no strategy has that name\. Did you mean "linear-probe"\?/,
    ],
    ['an option that is none', { options: { epoch: 3 } }, /unknown option "options\.epoch"\. Did you mean "epochs"\?/],
    [
      'an option out of its bounds',
      { options: { epochs: 0 } },
      /options\.epochs is 0, and has to be a whole number, 1 or more/,
    ],
    [
      'an option that an axis decides',
      { options: { seed: 3 } },
      /options\.seed is not for a benchmark's options\. Say it in seeds\./,
    ],
    [
      'a pattern of what is not there',
      { exclude: [{ test: 'sentiment-imbd' }] },
      /exclude\[0\]\.test is "sentiment-imbd".*Did you mean "sentiment-imdb"/,
    ],
  ])('is refused for %s', (_, changes, says) => {
    let said = '';
    try {
      settle({ ...least, ...changes });
    } catch (error) {
      const { code, message, hint } = error as Error & { code: string; hint: string };
      expect(code).toBe('config-invalid');
      said = `${message} ${hint}`;
    }
    expect(said).toMatch(says);
  });
});
