import type { InjectionToken } from 'tsyringe';
import type { Artifacts, Progress } from '@headstart/artifacts';
import type { FeatureStore } from '../data/feature-store.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Backend } from '../ports/backend.ts';
import type { RunEvents } from './events.ts';

/** What the composition root provides and constructors ask for by `@inject`. */
export const BACKEND: InjectionToken<Backend> = Symbol('Backend');
export const ARTIFACTS: InjectionToken<Artifacts> = Symbol('Artifacts');
export const PROGRESS: InjectionToken<Progress> = Symbol('Progress');
export const FEATURE_STORE: InjectionToken<FeatureStore> = Symbol('FeatureStore');
/** Every registered metric. */
export const METRICS: InjectionToken<readonly Metric[]> = Symbol('Metrics');
/** The handlers of one run's events, in order. Bound in the run's own container. */
export const RUN_EVENTS: InjectionToken<readonly Partial<RunEvents>[]> = Symbol('RunEvents');
/** Ends one run at its next step. Bound in the run's own container. */
export const RUN_SIGNAL: InjectionToken<AbortSignal> = Symbol('RunSignal');
