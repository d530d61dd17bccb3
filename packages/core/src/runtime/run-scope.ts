import type { DependencyContainer } from 'tsyringe';
import type { Registered } from '../plugins/registry.ts';
import type { RunEvents } from '../runs/events.ts';
import type { RunInfo, RunSubscriber, RunSubscriberFactory } from '../runs/subscriber.ts';
import { RUN_EVENTS, RUN_SIGNAL } from '../runs/tokens.ts';
import { EventBus, warningOnce } from '../training/event-bus.ts';

export interface RunScopeOptions {
  readonly run: RunInfo;
  /** Called before the subscribers of plugins. */
  readonly handlers: readonly Partial<RunEvents>[];
  readonly subscribers: readonly Registered<RunSubscriberFactory>[];
  /** Ends the run at its next step. */
  readonly signal: AbortSignal;
}

/** One run's own container, which has all services, the run's events with who subscribes to them, and its signal. */
export interface RunScope {
  readonly container: DependencyContainer;
  readonly events: EventBus;
}

/**
 * Runs work in a scope of its own. When it has ended, however it ended, its subscribers are disposed of and then its
 * container; after a failure they hear of it first.
 *
 * @throws HeadstartError `plugin-failed` naming the plugin whose subscriber cannot be made, or fails
 */
export async function inRunScope<T>(
  services: DependencyContainer,
  { run, handlers, subscribers, signal }: RunScopeOptions,
  work: (scope: RunScope) => Promise<T>,
): Promise<T> {
  const container = services.createChildContainer();
  const made: RunSubscriber[] = [];
  container.registerInstance(RUN_SIGNAL, signal);
  const all: Partial<RunEvents>[] = [...handlers];
  const events = new EventBus(all);
  const warn = warningOnce(events);
  let result: T;
  try {
    for (const { value: subscribe } of subscribers) {
      const subscriber = subscribe({ run, resolve: (token) => container.resolve(token), warn });
      made.push(subscriber);
      all.push(subscriber);
    }
    container.registerInstance(RUN_EVENTS, all);
    result = await work({ container, events });
  } catch (error) {
    await Promise.allSettled(all.map(async (handler) => handler.runError?.(error)));
    await dispose(made, container).catch(() => {}); // the first failure is the one to report
    throw error;
  }
  await dispose(made, container);
  return result;
}

/** Disposes of every subscriber, also after one that fails at it, and of the container. */
async function dispose(subscribers: readonly RunSubscriber[], container: DependencyContainer): Promise<void> {
  const ended = await Promise.allSettled(subscribers.map(async (subscriber) => subscriber.dispose?.()));
  await container.dispose();
  const failure = ended.find((one) => one.status === 'rejected');
  if (failure) throw failure.reason;
}
