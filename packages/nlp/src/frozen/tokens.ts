/**
 * The library that runs `transformers:` sources, a `TransformersLibrary`. A plugin that provides it decides; where none
 * does, the package that is installed is taken.
 *
 * @example
 * setup: ({ services }) => services.provide(TRANSFORMERS, () => ({ name: '@xenova/transformers', module: xenova }))
 */
export const TRANSFORMERS = Symbol.for('@headstart/nlp/transformers');
