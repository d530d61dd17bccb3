import { peersPython } from '../peers/environment.ts';
console.log(await peersPython((line) => console.log(line), { texts: true }));
