import type { LoadedModel } from '@headstart/core';
import type { PredictedSample, PredictOutcome } from '@headstart/core/inference';
import type { GivenInput, GivenTarget } from '../files/given-inputs.ts';

/** What came of one input, with what its data say of it. */
export type PredictedInput = PredictOutcome<unknown> & {
  readonly input: string;
  readonly texts?: readonly string[];
  readonly truth?: PredictedSample<unknown>['truth'];
};

export interface PredictGivenOptions {
  readonly batchSize?: number;
  readonly allowHttp?: boolean;
  /** Go on after inputs that cannot be read. */
  readonly skipBad?: boolean;
  readonly reader?: string;
  readonly readerOptions?: Readonly<Record<string, string>>;
}

/** Predictions of all that was given, in its order. @throws HeadstartError of an input that cannot be read, without `skipBad` */
export async function predictGiven(
  model: LoadedModel,
  given: readonly (GivenInput | GivenTarget)[],
  options: PredictGivenOptions,
): Promise<PredictedInput[]> {
  const predicted: PredictedInput[] = [];
  for (let at = 0; at < given.length; ) {
    const first = given[at]!;
    if ('target' in first) {
      for (const one of await ofTarget(model, first.target, options)) predicted.push(one);
      at++;
      continue;
    }
    const next = given.findIndex((each, i) => i > at && 'target' in each);
    const some = given.slice(at, next < 0 ? undefined : next) as GivenInput[];
    for (const one of await ofInputs(model, some, options)) predicted.push(one);
    at += some.length;
  }
  return predicted;
}

async function ofInputs(
  model: LoadedModel,
  given: readonly GivenInput[],
  { batchSize, allowHttp, skipBad }: PredictGivenOptions,
): Promise<PredictedInput[]> {
  const inputs = given.map(({ input }) => input);
  const how = { batchSize, allowHttp };
  const outcomes = skipBad
    ? await model.predictEach(inputs, how)
    : (await model.predict(inputs, how)).map((prediction) => ({ prediction }));
  return outcomes.map((outcome, i) => ({ input: given[i]!.name, ...outcome }));
}

async function ofTarget(
  model: LoadedModel,
  target: string,
  { batchSize, skipBad, reader, readerOptions }: PredictGivenOptions,
): Promise<PredictedInput[]> {
  const predicted: PredictedInput[] = [];
  for await (const { id, ...rest } of model.predictTarget(target, { batchSize, skipBad, reader, readerOptions }))
    predicted.push({ input: id, ...rest });
  return predicted;
}
