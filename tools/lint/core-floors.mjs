// @ts-check

/**
 * The folders of core's sources, the lowest first: a file imports from its own folder and from those before it, types
 * as well as values. An order leaves no room for a circle.
 */
export const coreFloors = [
  'vendor',
  'scheduling',
  'ports',
  'options',
  'random',
  'statistics',
  'transferability',
  'selection',
  'pages',
  'formats',
  'network',
  'domains',
  'folders',
  'tables',
  'images',
  'data',
  'metrics',
  'adaptation',
  'strategies',
  'tasks',
  'inspection',
  'cleaning',
  'models',
  'export',
  'runs',
  'plugins',
  'training',
  'runtime',
  'testing',
  'entries',
];
