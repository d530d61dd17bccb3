import { describe, expect, it } from 'vitest';
import { joinedLabels } from './joined-labels.ts';

describe('joinedLabels', () => {
  it('finds labels whose parts come back', () => {
    expect(joinedLabels(['bad', 'bad|slow', 'good', 'good|slow'])).toEqual({
      separator: '|',
      labels: ['bad|slow', 'good|slow'],
    });
    expect(joinedLabels(['2', '3', '2,3', '7'])).toEqual({ separator: ',', labels: ['2,3'] });
    expect(joinedLabels(['a', 'b', 'a; b'])?.separator).toBe(';');
  });

  it('leaves labels alone that have such a character and do not come apart', () => {
    expect(joinedLabels(['Paris, France', 'Rome, Italy', 'other'])).toBeUndefined();
    expect(joinedLabels(['a|', 'b|'])).toBeUndefined();
    expect(joinedLabels(['a', 'b', 'a,b', 'Rome, Italy', 'Bern, Switzerland', 'Lima, Peru'])).toBeUndefined();
    expect(joinedLabels([])).toBeUndefined();
  });
});
