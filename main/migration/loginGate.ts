/**
 * Protects accounts from being locked out by a batch. A login that no device has accepted yet is tried on one device
 * first; if that one refuses it, it is tried on no other. A login known to be good is stopped after refusals in a row.
 */
import { asOtjError, OtjError } from '../contract/errors.ts';

const REFUSALS_IN_A_ROW = 3;

type State = { proven: boolean; refusals: number; paused: boolean; canary: Promise<void> | null };

export class LoginGate {
  private readonly states = new Map<number, State>();

  /**
   * @param key the login; @param proven whether some device accepted it before; @param login opens a session, one try
   * Throws CREDENTIAL_PAUSED without calling `login` when the login is stopped; else whatever `login` throws.
   */
  async enter<T>(key: number, proven: boolean, login: () => Promise<T>): Promise<T> {
    const state = this.stateOf(key, proven);
    while (state.canary) await state.canary;
    if (state.paused) throw new OtjError('CREDENTIAL_PAUSED');
    const canary = state.proven ? null : Promise.withResolvers<void>();
    state.canary = canary?.promise ?? null;
    try {
      const session = await login();
      state.proven = true;
      state.refusals = 0;
      return session;
    } catch (thrown) {
      if (asOtjError(thrown).class === 'login') {
        state.refusals++;
        if (!state.proven || state.refusals >= REFUSALS_IN_A_ROW) state.paused = true;
      }
      throw thrown;
    } finally {
      // A device that did not answer proves nothing: the next room becomes the canary.
      state.canary = null;
      canary?.resolve();
    }
  }

  private stateOf(key: number, proven: boolean): State {
    const known = this.states.get(key);
    if (known) return known;
    const state = { proven, refusals: 0, paused: false, canary: null };
    this.states.set(key, state);
    return state;
  }
}
