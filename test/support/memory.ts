/** How much memory something keeps: what is only rubbish does not count, so that the figure does not depend on the moment. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose_gc');
const takeOut = runInNewContext('gc') as () => void;

/** What is still in use after the rubbish was taken out, bytes. */
export function memoryInUse(): number {
  takeOut();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}
