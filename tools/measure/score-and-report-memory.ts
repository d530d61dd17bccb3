/** Scores detections against a truth and prints what that took: `<truth> <predictions>`. */
import { scoreFiles } from '@headstart/detection';

const [truth = '', predictions = ''] = process.argv.slice(2);
const start = performance.now();
const { objects, images, metrics } = await scoreFiles(truth, predictions);
const seconds = (performance.now() - start) / 1000;
console.log(
  JSON.stringify({
    objects,
    images,
    AR100: metrics.AR100,
    seconds,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  }),
);
