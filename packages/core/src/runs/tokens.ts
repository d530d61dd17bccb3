import type { InjectionToken } from 'tsyringe';
import type { Artifacts, Progress } from '@headstart/artifacts';
import type { FeatureStore } from '../data/feature-store.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Backend } from '../ports/backend.ts';
import type { RunEvents } from './events.ts';

// What the composition root provides: constructors ask for it by `@inject`, plugins by `services.find` and a
// subscriber's `resolve`.

/** The process's backend. Not to be replaced: it was opened before any plugin was set up. */
export const BACKEND: InjectionToken<Backend> = Symbol('Backend');
/** Weights and data by name and digest. A plugin may replace it. */
export const ARTIFACTS: InjectionToken<Artifacts> = Symbol('Artifacts');
/** Progress of long work. A plugin may replace it. */
export const PROGRESS: InjectionToken<Progress> = Symbol('Progress');
/** Features of frozen prefixes. A plugin may replace it. */
export const FEATURE_STORE: InjectionToken<FeatureStore> = Symbol('FeatureStore');
/** Every registered metric. */
export const METRICS: InjectionToken<readonly Metric[]> = Symbol('Metrics');
/** The handlers of one run's events, in order. Bound in the run's own container. */
export const RUN_EVENTS: InjectionToken<readonly Partial<RunEvents>[]> = Symbol('RunEvents');
/** Ends one run at its next step. Bound in the run's own container. */
export const RUN_SIGNAL: InjectionToken<AbortSignal> = Symbol('RunSignal');

/** What stands as core made it, and cannot be replaced. */
export const FIXED_SERVICES: ReadonlySet<InjectionToken<unknown>> = new Set([BACKEND, METRICS, RUN_EVENTS, RUN_SIGNAL]);
