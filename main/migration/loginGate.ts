/**
 * Protects accounts from being locked out by a batch. Each login is tried on one device first, whatever it did on other
 * days: passwords change. If that device refuses it, it is tried on no other; a device with trouble of its own (an
 * account that is locked, expired, or must change its passphrase) says nothing of the others, so the next one is the
 * first. Once a device has accepted it, all go in beside each other, until one does not get in.
 */
import { asOtjError, OtjError } from '../contract/errors.ts';

/** Devices in a row that did not let a login in, whatever their reasons. */
const MOST_IN_A_ROW = 3;

type State = {
  /** Some device of this batch has accepted it. */
  accepted: boolean;
  /** Devices may be tried beside each other. */
  open: boolean;
  inARow: number;
  paused: boolean;
  canary: Promise<void> | null;
};

export class LoginGate {
  private readonly states = new Map<number, State>();

  /**
   * @param key the login; @param login opens a session, one try
   * Throws CREDENTIAL_PAUSED without calling `login` when the login is stopped; else whatever `login` throws.
   */
  async enter<T>(key: number, login: () => Promise<T>): Promise<T> {
    const state = this.stateOf(key);
    while (state.canary) await state.canary;
    if (state.paused) throw new OtjError('CREDENTIAL_PAUSED');
    const canary = state.open ? null : Promise.withResolvers<void>();
    if (canary) state.canary = canary.promise;
    try {
      const session = await login();
      state.accepted = true;
      state.open = true;
      state.inARow = 0;
      return session;
    } catch (thrown) {
      const error = asOtjError(thrown);
      if (error.class === 'login') {
        state.inARow++;
        state.open = false;
        const isWrong = error.code === 'LOGIN_REFUSED' && !state.accepted;
        if (isWrong || state.inARow >= MOST_IN_A_ROW) state.paused = true;
      }
      throw thrown;
    } finally {
      // A device that did not answer proves nothing: the next room becomes the canary.
      if (canary) state.canary = null;
      canary?.resolve();
    }
  }

  private stateOf(key: number): State {
    const known = this.states.get(key);
    if (known) return known;
    const state: State = { accepted: false, open: false, inARow: 0, paused: false, canary: null };
    this.states.set(key, state);
    return state;
  }
}
