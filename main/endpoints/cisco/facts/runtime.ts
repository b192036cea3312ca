/**
 * Whether the macro runtime runs. Seen in public programs, over HTTPS and over the WebSocket: `RuntimeStatusResult` with
 * `Running` (`True` or `False`), `ActiveMacros` and `Crashes`. [assumed] That other software may name a state in place of
 * `Running`, or tell it one level further down: this is understood as well.
 */
import { asList, isRecord, leaf, type Xapi } from '../xapi.ts';
import { permitted } from './reads.ts';

/** null when the codec does not tell, or in a way that is not known. */
export type RuntimeState = 'running' | 'stopped' | null;

const RUNNING = /^(true|yes|on|running|started|active)$/i;
const STOPPED = /^(false|no|off|stopped|notrunning|not running|inactive|idle)$/i;

export async function readRuntime(xapi: Xapi): Promise<RuntimeState> {
  const result = await permitted(xapi.command('Macros Runtime Status'));
  return result ? runtimeIn(result) : null;
}

/** Pure. */
export function runtimeIn(result: Record<string, unknown>): RuntimeState {
  const inner = Object.values(result).flatMap(asList).filter(isRecord);
  for (const node of [result, ...inner])
    for (const [name, value] of Object.entries(node)) {
      const text = leaf(value)?.trim();
      // `status` is the command's own word, `OK`.
      if (text === undefined || !/^(running|state|runtimestate)$/i.test(name)) continue;
      if (RUNNING.test(text)) return 'running';
      if (STOPPED.test(text)) return 'stopped';
    }
  return null;
}
