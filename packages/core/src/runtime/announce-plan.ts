import type { RunEvents } from '../runs/events.ts';
import { earlyStopping } from '../training/early-stopping.ts';
import type { EventBus } from '../training/event-bus.ts';
import type { Transfer } from '../training/transfer.ts';
import type { PlannedTransfer } from './plan-transfer.ts';

/** Tells a run's subscribers of what it will do, and of what was said of its data. */
export async function announcePlan(events: EventBus, { transfer, choices, reading }: PlannedTransfer): Promise<void> {
  for (const choice of choices) await events.emit('choice', choice);
  await events.emit('reading', reading);
  for (const { id, reason } of transfer.target.skipped) await events.emit('warning', `Skipped ${id}: ${reason}`);
}

/** Who ends the phases of a transfer where patience is asked for. */
export function stoppersOf({ task, patience }: Transfer): Partial<RunEvents>[] {
  return patience === undefined ? [] : [{ epochEnd: earlyStopping(task.monitor, patience) }];
}
