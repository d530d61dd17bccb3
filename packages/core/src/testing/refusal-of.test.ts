import { HeadstartError } from '@headstart/artifacts/errors';
import { expect, it } from 'vitest';
import { refusalOf } from './refusal-of.ts';

const error = new HeadstartError({ code: 'target-empty', message: 'photos is empty.', hint: 'Put pictures there.' });
const refused = () => Promise.reject(error);

it('is the error, where its code and all that it is to mention fit', async () => {
  expect(await refusalOf(refused(), 'target-empty', 'photos', 'pictures')).toBe(error);
});

it('fails where work is done, and where it fails with another code, without a hint or without a mention', async () => {
  await expect(refusalOf(Promise.resolve(1), 'target-empty')).rejects.toThrow('it is accepted');
  await expect(refusalOf(Promise.reject(new Error('broken')), 'target-empty')).rejects.toThrow(
    'without a code: broken',
  );
  await expect(refusalOf(refused(), 'label-invalid')).rejects.toThrow('as target-empty, and not as label-invalid');
  await expect(refusalOf(refused(), 'target-empty', 'photos', 'texts')).rejects.toThrow('does not mention "texts"');
  const short = new HeadstartError({ code: 'target-empty', message: 'photos is empty.', hint: 'No.' });
  await expect(refusalOf(Promise.reject(short), 'target-empty')).rejects.toThrow('hint "No." does not say');
});
