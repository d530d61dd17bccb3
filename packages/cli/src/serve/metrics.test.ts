import { expect, it } from 'vitest';
import { Counter, Gauge, Histogram, MetricSet } from './metrics.ts';

it('writes the text format of Prometheus', () => {
  const set = new MetricSet();
  const counter = set.add(new Counter('requests_total', 'Requests\nanswered.'));
  let queue = 3;
  set.add(new Gauge('queue', 'Waiting.', () => queue));
  const seconds = set.add(new Histogram('seconds', 'Time.', [0.1, 1]));
  counter.add({ status: '200', path: 'a"b\\c\nd' });
  counter.add({ status: '200', path: 'a"b\\c\nd' }, 2);
  counter.add();
  for (const value of [0.1, 0.5, 2]) seconds.observe(value);
  queue = 0;
  expect(set.text()).toBe(
    [
      '# HELP requests_total Requests\\nanswered.',
      '# TYPE requests_total counter',
      'requests_total{status="200",path="a\\"b\\\\c\\nd"} 3',
      'requests_total 1',
      '# HELP queue Waiting.',
      '# TYPE queue gauge',
      'queue 0',
      '# HELP seconds Time.',
      '# TYPE seconds histogram',
      // A bound counts what is equal to it; buckets add up.
      'seconds_bucket{le="0.1"} 1',
      'seconds_bucket{le="1"} 2',
      'seconds_bucket{le="+Inf"} 3',
      'seconds_sum 2.6',
      'seconds_count 3',
      '',
    ].join('\n'),
  );
});
