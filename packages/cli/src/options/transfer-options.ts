import { Option, type Command } from 'commander';
import type { TransferRequest } from '@headstart/core';
import { PRECISIONS, type PrecisionRequest } from '@headstart/core/options';
import { keyValue, learningRate, realNumber, splitShares, wholeNumber } from './values.ts';

/** What `train` takes beside its target, by the option's name. */
export interface TransferFlags {
  adapt?: string;
  task?: string;
  source?: string;
  strategy?: string;
  reader?: string;
  readerOption?: Readonly<Record<string, string>>;
  epochs?: number;
  batch?: number;
  seed?: number;
  shots?: number;
  split?: [number, number, number];
  learningRate?: number | 'auto';
  weightDecay?: number;
  labelSmoothing?: number;
  ema?: number;
  precision?: PrecisionRequest;
  patience?: number;
  augmentation?: string;
  views?: number;
  keepClasses?: boolean;
  skipBad?: boolean;
  out?: string;
  checkpointEvery?: number;
}

export function addTransferOptions(command: Command): Command {
  return command
    .option(
      '--adapt <target>',
      'samples to adapt to, for strategies that learn from unlabelled ones; labels are ignored',
    )
    .option(
      '--task <id>',
      'what to learn, with options after a colon where it takes some; by default what the data are made for',
    )
    .option('--source <id>', "pretrained weights; by default the task's; model:<dir> for a model that you trained")
    .option('--keep-classes', "learn the target's classes beside the source's own, which are kept (detection)")
    .option('--strategy <id>', 'how knowledge is carried over')
    .option('--epochs <n>', 'passes over the training data', wholeNumber(1))
    .option('--batch <n>', 'samples a step', wholeNumber(1))
    .option('--seed <n>', 'decides every random draw', wholeNumber(0))
    .option('--shots <n>', 'train on this many samples a class', wholeNumber(1))
    .option('--split <shares>', 'percent of train/validation/test, such as 70/10/20', splitShares)
    .option('--learning-rate <rate>', "the head's peak rate, or auto to find one", learningRate)
    .option('--weight-decay <n>', 'decoupled weight decay', realNumber({ least: 0 }))
    .option('--label-smoothing <n>', 'share of each label spread over all classes', realNumber({ least: 0, below: 1 }))
    .option(
      '--ema <decay>',
      'average weights over steps with this decay, such as 0.999',
      realNumber({ above: 0, below: 1 }),
    )
    .addOption(
      new Option('--precision <type>', 'what training steps are computed in; weights are float32 in any case').choices(
        PRECISIONS,
      ),
    )
    .option('--patience <n>', 'end a phase after this many epochs without improvement', wholeNumber(1))
    .option(
      '--augmentation <policy>',
      "how training samples are altered: one of the task's policies, which `headstart tasks` lists",
    )
    .option('--views <n>', 'cached altered views a sample where the backbone is frozen', wholeNumber(1))
    .option('--reader <id>', 'how to read the target; by default chosen from what is there')
    .option('--reader-option <key=value>', 'an option of the reader; repeatable', keyValue)
    .option('--skip-bad', 'leave out unreadable samples and list them')
    .option('--out <dir>', 'folder of the run and its model; by default runs/<run id>')
    .option('--checkpoint-every <n>', 'steps between checkpoints', wholeNumber(1));
}

export function transferRequest(target: string, flags: TransferFlags): TransferRequest {
  const { batch, readerOption, ...others } = flags;
  const request: TransferRequest = { target };
  for (const name of requestNames) if (others[name] !== undefined) Object.assign(request, { [name]: others[name] });
  if (batch !== undefined) request.batchSize = batch;
  if (readerOption !== undefined) request.readerOptions = readerOption;
  return request;
}

/** Flags that a request calls by the same name. */
const requestNames = [
  'task',
  'source',
  'strategy',
  'reader',
  'epochs',
  'seed',
  'shots',
  'split',
  'learningRate',
  'weightDecay',
  'labelSmoothing',
  'ema',
  'precision',
  'patience',
  'augmentation',
  'views',
  'adapt',
  'keepClasses',
  'skipBad',
  'out',
  'checkpointEvery',
] as const satisfies readonly (keyof TransferFlags & keyof TransferRequest)[];
