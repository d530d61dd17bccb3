import { openBackend } from '@headstart/backend';
import { createHeadstart } from '@headstart/core';
import vision from '@headstart/vision';

const headstart = await createHeadstart({ backend: await openBackend(), plugins: [vision()] });
const { metrics, model: folder } = await headstart.train({ target: 'emoji-google', shots: 20 });
const model = await headstart.load(folder);
const [house] = await model.predict(['examples/house.svg']);
console.log(`test accuracy ${metrics.test?.accuracy}, the house: ${model.task.describe(house)}, model in ${folder}`);
await headstart.close();
