import { expect, it } from 'vitest';
import { identityChanges } from './identity-changes.ts';

const identity = {
  transfer: { source: 'minilm-l6', epochs: 30, classWeights: { rare: 2 } },
  source: 'a'.repeat(64),
  train: 'b'.repeat(64),
  tests: ['c'.repeat(64)],
  code: { core: '0.1.0', source: '@headstart/nlp 0.1.0' },
};

it('says in which options, data and versions two identities differ, also where one lacks them', () => {
  const { classWeights: _, ...transfer } = identity.transfer;
  const other = {
    ...identity,
    transfer: { ...transfer, epochs: 20 },
    train: `${'b'.repeat(63)}c`,
    adapt: 'd',
    code: { ...identity.code, source: '@headstart/nlp 0.2.0' },
  };
  expect(identityChanges(identity, identity)).toEqual([]);
  expect(identityChanges(identity, other)).toEqual([
    { part: 'transfer.epochs', before: '30', after: '20' },
    { part: 'transfer.classWeights', before: '{"rare":2}', after: undefined },
    { part: 'train', before: JSON.stringify(identity.train), after: JSON.stringify(other.train) },
    { part: 'code.source', before: '"@headstart/nlp 0.1.0"', after: '"@headstart/nlp 0.2.0"' },
    { part: 'adapt', before: undefined, after: '"d"' },
  ]);
});

it('compares the whole of a part, however long', () => {
  const labels = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`label ${i}`, 1]));
  const [before, after] = [labels, { ...labels, 'label 199': 2 }].map((classWeights) => ({
    ...identity,
    transfer: { ...identity.transfer, classWeights },
  }));
  expect(identityChanges(before!, after!).map(({ part }) => part)).toEqual(['transfer.classWeights']);
});
