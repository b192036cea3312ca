/**
 * The xAPI as software of one version has it: what that version is known to lack (assets/cisco-firmware.json) is not sent,
 * and told as a refusal with the reason. Whatever is not known of it is sent, and the codec's own word counts.
 */
import { OtjError } from '../../contract/errors.ts';
import { type Firmware, whyLacking } from './firmware.ts';
import type { Xapi } from './xapi.ts';

export function fitted(xapi: Xapi, firmware: Firmware): Xapi {
  /** Throws REFUSED; as a promise, like a refusal of the codec's own. */
  const has = async (tree: 'Command' | 'Configuration' | 'Status', path: string): Promise<void> => {
    const why = whyLacking(firmware, `${tree} ${path}`);
    if (why !== null) throw new OtjError('REFUSED', `${path}: ${why}; not sent`);
  };
  return {
    link: xapi.link,
    get: (tree, path) => has(tree, path).then(() => xapi.get(tree, path)),
    command: (path, params, body) => has('Command', path).then(() => xapi.command(path, params, body)),
    set: (path, value) => has('Configuration', path).then(() => xapi.set(path, value)),
    close: () => xapi.close(),
  };
}
