/** Opens a device for a recording, as the family that it turns out to be. */
import type { Identity, TransportChoice } from '../contract/device.ts';
import { OtjError } from '../contract/errors.ts';
import type { DrivenFamily } from '../contract/plan.ts';
import type { EndpointTarget } from '../endpoints/driver.ts';
import type { RecordedDevice, Recorder } from '../endpoints/record/recorder.ts';
import { Wire } from '../endpoints/record/tap.ts';
import { RECORDERS } from '../endpoints/recorders.ts';

/** The ways that a family can be spoken to. */
const WAYS: Record<DrivenFamily, readonly TransportChoice[]> = {
  'cisco-roomos': ['auto', 'ssh', 'https'],
  'poly-videoos': ['auto', 'https'],
  'poly-group': ['auto', 'https', 'ssh', 'telnet'],
  'poly-trio': ['auto', 'https'],
};

/** Throws USAGE for a way that devices of this family do not know. */
export function assertWay(family: DrivenFamily, way: TransportChoice): void {
  if (!WAYS[family].includes(way)) throw new OtjError('USAGE', `devices of this kind do not know ${way}`);
}

/** VideoOS and Group are alike from outside: a way that only the Group knows tells which one is meant. */
export function familyByWay(family: DrivenFamily, way: TransportChoice): DrivenFamily {
  return family === 'poly-videoos' && !WAYS[family].includes(way) ? 'poly-group' : family;
}

/** A device that is open and told apart; `link` and `close` are those of its session. */
export interface Opened extends Pick<RecordedDevice, 'link' | 'close'> {
  readonly recorder: Recorder;
  readonly device: RecordedDevice;
  readonly identity: Identity;
  /** What has been heard since it was opened. */
  readonly wire: Wire;
}

/**
 * One login; a second one, with the password that was right, where the model turns out to be of a family that is logged in to
 * in the same way: what is read then is what that family's driver reads. Throws USAGE for a way that there is not, and what
 * logging in and the first reading throw; nothing stays open then.
 */
export async function openRecorded(family: DrivenFamily, target: EndpointTarget, signal: AbortSignal): Promise<Opened> {
  assertWay(family, target.transport);
  const opened = await openAs(RECORDERS[family], target, signal);
  const { model } = opened.identity;
  if (RECORDERS[family].isFor(model)) return opened;
  const other = alike(family).find((one) => RECORDERS[one].isFor(model) && WAYS[one].includes(target.transport));
  if (!other) return opened;
  await opened.close();
  return openAs(RECORDERS[other], { ...target, family: other }, signal);
}

/** Families whose login and first reading are the same. */
function alike(family: DrivenFamily): DrivenFamily[] {
  const both: DrivenFamily[] = ['poly-videoos', 'poly-group'];
  return both.includes(family) ? both.filter((one) => one !== family) : [];
}

async function openAs(recorder: Recorder, target: EndpointTarget, signal: AbortSignal): Promise<Opened> {
  const wire = new Wire();
  const device = await recorder.open(target, signal, wire);
  try {
    await wire.endOpening();
    const identity = await device.identify();
    return { recorder, device, identity, wire, link: device.link, close: () => device.close() };
  } catch (thrown) {
    await device.close();
    throw thrown;
  }
}
