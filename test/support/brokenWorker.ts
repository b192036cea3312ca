/** A thread in the place of the services that breaks when it is asked to, and answers nothing else. */
import { parentPort } from 'node:worker_threads';

parentPort?.on('message', ({ type, name }: { type: string; name?: string }) => {
  if (type === 'close') process.exit(0);
  if (name === 'throw') throw new Error('a fault that nobody foresaw');
  if (name === 'reject') void Promise.reject(new Error('a promise that nobody kept'));
  if (name === 'exit') process.exit(3);
});
