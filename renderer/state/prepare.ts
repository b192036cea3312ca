/** Preparing rooms on Infinity, from wherever it is asked for: what would be written is shown first, in one dialog. */
import { type PrepareAsk, useStore } from './store.ts';
import { unlocked } from './unlock.ts';

/** Asks for the passphrase first where need be, then opens the dialog. */
export async function askPrepare(preparing: PrepareAsk): Promise<void> {
  if (await unlocked()) useStore.setState({ preparing });
}
