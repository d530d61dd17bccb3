import type { RunEvents } from '../runs/events.ts';
import { earlyStopping } from '../training/early-stopping.ts';
import { canChooseBy, LEAST_TO_CHOOSE_BY } from '../training/epoch-choice.ts';
import type { EventBus } from '../training/event-bus.ts';
import type { Transfer } from '../training/transfer.ts';
import { keepsUnseenClasses, UNSEEN_CLASSES } from '../training/unseen-classes.ts';
import { OTHER_DOMAIN } from '../training/epoch-rule.ts';
import type { PlannedTransfer } from './plan-transfer.ts';

/** Tells a run's subscribers of what it will do, and of what was said of its data. */
export async function announcePlan(events: EventBus, { transfer, choices, reading }: PlannedTransfer): Promise<void> {
  for (const choice of choices) await events.emit('choice', choice);
  await events.emit('reading', reading);
  for (const { id, reason } of transfer.target.skipped) await events.emit('warning', `Skipped ${id}: ${reason}`);
  await warnOfPatience(events, transfer);
}

/** Who ends the phases of a transfer where patience is asked for, and where the validation split can tell epochs apart. */
export function stoppersOf(transfer: Transfer): Partial<RunEvents>[] {
  const { task, patience } = transfer;
  if (patience === undefined || alikeBecause(transfer)) return [];
  return [{ epochEnd: earlyStopping(task.monitor, patience) }];
}

/** Says that patience has nothing to go by, where it is asked for. */
async function warnOfPatience(events: EventBus, transfer: Transfer): Promise<void> {
  const { patience } = transfer;
  const because = patience === undefined ? undefined : alikeBecause(transfer);
  if (because) await events.emit('warning', `No phase ends early, as --patience ${patience} asks for: ${because}`);
}

/** Why the validation split does not tell a transfer's epochs apart, and what to do; undefined where it does. */
function alikeBecause(transfer: Transfer): string | undefined {
  const { length } = transfer.target.splits.validation;
  if (!canChooseBy(length))
    return `${length} validation ${length === 1 ? 'sample tells' : 'samples tell'} epochs apart by chance only (${LEAST_TO_CHOOSE_BY} at least). Give a larger validation share with --split, or --epochs.`;
  if (keepsUnseenClasses(transfer)) return `${UNSEEN_CLASSES}. Give --epochs.`;
  if (!transfer.target.unlabelled || transfer.select === 'source-validation') return undefined;
  return `${OTHER_DOMAIN}. Give --epochs.`;
}
