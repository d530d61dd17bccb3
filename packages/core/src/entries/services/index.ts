export type { FeatureKey } from '../../data/feature-key.ts';
export type { FeatureSet, FeatureStore } from '../../data/feature-store.ts';
export { RowLayout } from '../../data/row-layout.ts';
export type { ServiceInfo } from '../../plugins/services.ts';
export type { RunInfo, RunSubscriberFactory } from '../../runs/subscriber.ts';
