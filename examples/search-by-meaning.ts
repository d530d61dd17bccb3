// The sentence that means most nearly what is asked, with no word in common: cosines of embeddings.
import { openBackend } from '@headstart/backend';
import { createHeadstart } from '@headstart/core';
import nlp from '@headstart/nlp';

const sentences = ['The parcel arrived two weeks late.', 'Charging takes an hour.', 'The screen cracked when it fell.'];
const question = 'How long until the battery is full?';
const headstart = await createHeadstart({ backend: await openBackend(), plugins: [nlp()] });
const { shape, data } = await headstart.embed('minilm-l6', [question, ...sentences]);
// The vectors have length 1, so that their products are the cosines.
const row = (index: number) => data.subarray(index * shape[1], (index + 1) * shape[1]);
const cosines = sentences.map((_, i) => row(0).reduce((sum, value, k) => sum + value * row(i + 1)[k]!, 0));
const best = cosines.indexOf(Math.max(...cosines));
console.log(`${question} ${sentences[best]!} (cosine ${cosines[best]!.toFixed(2)})`);
await headstart.close();
