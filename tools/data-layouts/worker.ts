import { readCase, type CaseRequest } from './read-case.ts';

// Reads one case after another, as they come.
process.on('message', (request: CaseRequest) => {
  void readCase(request).then((observation) => process.send?.(observation));
});
process.send?.('ready');
