/** Opening the seal of a site at the moment when something sealed is needed, and not before. */
import { useStore } from './store.ts';

/**
 * Asks for the passphrase if the open site is locked.
 * @returns false when somebody chose not to give it
 */
export function unlocked(): Promise<boolean> {
  const { site, unlocking } = useStore.getState();
  if (!site?.locked) return Promise.resolve(true);
  // Two askers at once share one dialog.
  return new Promise((resolve) => {
    useStore.setState({
      unlocking: (opened) => {
        unlocking?.(opened);
        resolve(opened);
      },
    });
  });
}

/** Does what needs a secret after the site was unlocked; undefined when it was not. */
export type Unlock = <T>(then: () => T | Promise<T>) => Promise<T | undefined>;

const withUnlocked: Unlock = async (then) => ((await unlocked()) ? then() : undefined);

export function useUnlock(): Unlock {
  return withUnlocked;
}
