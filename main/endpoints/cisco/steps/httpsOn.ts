/** The web server of a codec, which Infinity signs in to. */
import { setTimeout as sleep } from 'node:timers/promises';
import { asOtjError } from '../../../contract/errors.ts';
import type { StepActions } from '../../driver.ts';
import { offeredTls } from '../apiLogin.ts';
import { change } from './settings.ts';
import type { Visit } from './visit.ts';

const LOOK_EVERY_MS = 250;

/** Any mode but Off has HTTPS; where plain HTTP is not wanted, only one is good. */
export function switchHttpsOn(visit: Visit): StepActions {
  const isEnough = (value: string) => (visit.wish.httpsOnly ? value === 'HTTPS' : value !== 'Off');
  const { inspect, apply } = change(visit, 'NetworkServices HTTP Mode', 'HTTPS', isEnough);
  return {
    inspect,
    async apply() {
      await apply();
      await untilListening(visit);
    },
  };
}

/** [assumed] A web server that was switched on takes a moment to be there. What else is wrong with it, the login tells. */
async function untilListening({ target }: Visit): Promise<void> {
  for (const until = Date.now() + target.timeoutMs; Date.now() < until; ) {
    const error = await offeredTls(target).then(
      () => null,
      (thrown) => asOtjError(thrown),
    );
    if (error?.code !== 'UNREACHABLE') return;
    await sleep(LOOK_EVERY_MS);
  }
}
