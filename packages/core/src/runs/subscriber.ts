import type { InjectionToken } from 'tsyringe';
import type { RunEvents } from './events.ts';
import type { TransferRequest } from './request.ts';

/** A run as it is known before its first step. */
export interface RunInfo {
  readonly runId: string;
  /** The folder of the run and, in the end, of the model. */
  readonly directory: string;
  /** What was asked for, with every choice filled in. */
  readonly request: TransferRequest;
  /** Of a trial: the domains that its model is judged on, in order. Absent where the model is kept. */
  readonly tests?: readonly string[];
}

/** What a subscriber is made from. */
export interface RunContext {
  readonly run: RunInfo;
  /** A service, as the run has it: one of core's tokens, or of a plugin's own. Not after the run has ended. */
  resolve<T>(token: InjectionToken<T>): T;
  /** Warns whoever hears the run, each message once, for what must not end it. Not while subscribers are being made. */
  readonly warn: (message: string) => Promise<void>;
}

/** Who hears what happens in one run, such as a tracker or a notifier. */
export interface RunSubscriber extends Partial<RunEvents> {
  /** Called when the run has ended, however it ended. */
  dispose?(): void | Promise<void>;
}

/** Makes the subscriber of one run. Nothing has happened in the run yet, and it may still be refused. */
export type RunSubscriberFactory = (context: RunContext) => RunSubscriber;
