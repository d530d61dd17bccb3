// Registers the gradients of all ops, which the core package alone does for bundlers only. The file as published holds
// these registrations alone, of everything that the package here brings: see tools/workspace/vendored.ts.
import '@tensorflow/tfjs';
