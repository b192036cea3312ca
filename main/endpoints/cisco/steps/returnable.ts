/** Whether a macro can be saved on a codec again as it is. Pure. */
import type { Transport } from '../../../contract/device.ts';
import { hasOddBytes } from '../../transports/ssh/utf8Pieces.ts';
import { unfitForXml } from '../https/xmlRequest.ts';
import type { Macro } from '../otj/judge.ts';

/** @returns why not, with the macro's name; null when it can */
export function unfitToReturn({ name, content }: Macro, transport: Transport): string | null {
  // Names are parameters, and these take no control characters on either way.
  if (/\p{Cc}/u.test(name)) return `${JSON.stringify(name)}: its name holds a control character`;
  const why = transport === 'https' ? unfitForXml(content) : unfitForShell(content);
  return why && `${name}: ${why}${transport === 'https' ? ' (SSH may carry it)' : ''}`;
}

/** A shell takes bytes: all but NUL, of any text that is UTF-8. */
function unfitForShell(content: string): string | null {
  if (content.includes('\0')) return 'it holds a NUL character';
  if (content.isWellFormed()) return null;
  return hasOddBytes(content) ? 'it holds bytes that are not UTF-8' : 'it holds half a character';
}
