/** For what is taken back later: by then another site may be open, and that one must not be changed. */
import { useStore } from '../../state/store.ts';

/** @returns the same action, which does nothing once another site is open than now */
export function onThisSite(act: () => void): () => void {
  const path = useStore.getState().site?.path;
  return () => {
    if (useStore.getState().site?.path === path) act();
  };
}
