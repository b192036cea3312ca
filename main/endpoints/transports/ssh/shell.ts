/** An open SSH shell as a stream of text, whoever ends it. */
import type { Client, ClientChannel } from 'ssh2';
import { OtjError } from '../../../contract/errors.ts';
import { Utf8Pieces } from './utf8Pieces.ts';

export interface Shell {
  /** What is not safe about the connection, in words; null = nothing. */
  readonly weakness: string | null;
  /** Words of the device for people: one line, bounded, without the password. */
  clean(words: string): string;
  /** What is written in one turn of the event loop travels in one packet: each costs both sides their encryption. */
  write(text: string): void;
  /** Text as it arrives, cut anywhere but never inside a character; see `Utf8Pieces` for bytes that are no text. */
  onText(listener: (text: string) => void): void;
  /** Called once, with the reason, when the link is gone. */
  onClose(listener: (reason: OtjError) => void): void;
  close(): void;
}

/** Made once: nobody asks where a session was ended that we ended, and to find out where costs more than to end it. */
const CLOSED_BY_US = new OtjError('CANCELLED', 'closed by us');
/** Enough of what it says on its other stream for the reason that it gives. */
const MAX_COMPLAINT = 1024;

/** `lost` ends it with a reason from outside: the connection below it. */
export type ClosableShell = Shell & { lost(reason: OtjError): void };

/**
 * Makes a shell of a channel. When the channel goes, the connection goes with it.
 * @param deafen called when we have ended it: what the device still says is for nobody
 */
export function wrap(
  client: Client,
  channel: ClientChannel,
  { weakness, clean, deafen }: Pick<Shell, 'weakness' | 'clean'> & { deafen: () => void },
): ClosableShell {
  const closeListeners: ((reason: OtjError) => void)[] = [];
  let gone: OtjError | null = null;
  let complaint = '';
  let unsent = '';
  const send = () => {
    const text = unsent;
    unsent = '';
    if (text) channel.write(text);
  };
  const lost = (reason: OtjError) => {
    if (gone) return;
    gone = reason;
    for (const listener of closeListeners) listener(reason);
  };
  // Not part of the replies; and unread it would in time block them.
  channel.stderr.setEncoding('utf8');
  channel.stderr.on('data', (text: string) => {
    complaint = (complaint + text).slice(0, MAX_COMPLAINT);
  });
  channel.on('close', () => {
    lost(new OtjError('CONNECTION_LOST', `the device closed the session ${clean(complaint)}`.trim()));
    client.end();
  });
  channel.on('error', (error: Error) => lost(new OtjError('CONNECTION_LOST', clean(error.message))));
  return {
    weakness,
    clean,
    lost,
    write(text) {
      if (unsent === '') setImmediate(send);
      unsent += text;
    },
    onText(listener) {
      const pieces = new Utf8Pieces();
      channel.on('data', (bytes: Buffer) => {
        const text = pieces.push(bytes);
        if (text) listener(text);
      });
    },
    onClose: (listener) => (gone ? listener(gone) : void closeListeners.push(listener)),
    close() {
      lost(CLOSED_BY_US);
      send();
      channel.end();
      client.end();
      deafen();
    },
  };
}
