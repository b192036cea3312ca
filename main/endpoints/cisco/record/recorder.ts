/** Recording codecs: their xAPI, over whichever way it is spoken. */
import type { Recorder } from '../../record/recorder.ts';
import type { Wire } from '../../record/tap.ts';
import { openCodec } from '../connect.ts';
import { readFacts } from '../facts.ts';
import { readIdentity } from '../identity.ts';
import type { Xapi } from '../xapi.ts';
import { codecDialect } from './dialect.ts';
import { codecDigestSchema, digestOf, wordsOf } from './digest.ts';
import { READS, type Read, titleOf } from './reads.ts';

/** The longest wait for words without an id. */
const PLAIN_MS = 1_500;

export const codecRecorder: Recorder = {
  family: 'cisco-roomos',
  // Whatever speaks xAPI.
  isFor: () => true,
  dialect: codecDialect,
  digest: codecDigestSchema,
  async open(target, signal, wire) {
    const xapi = await openCodec(target, signal, wire);
    const reads = READS.filter(({ kind }) => kind !== 'line' || xapi.link.transport === 'ssh');
    return {
      link: xapi.link,
      identify: () => readIdentity(xapi),
      readings: reads.map((read) => ({ title: titleOf(read), run: () => runRead(xapi, wire, read) })),
      async look() {
        const digest = digestOf(await readFacts(xapi));
        return { digest, words: wordsOf(digest) };
      },
      close: () => xapi.close(),
    };
  },
};

function runRead(xapi: Xapi, wire: Wire, read: Read): Promise<unknown> {
  if (read.kind === 'line') return wire.sayPlain(read.text, PLAIN_MS);
  return read.kind === 'get' ? xapi.get(read.tree, read.path) : xapi.command(read.path, read.params);
}
