/** What was typed and not searched yet. It outlives the screen, but not the site. */
import { create } from 'zustand';

interface Draft {
  of: string | null;
  text: string;
  sshPort: number | null;
  httpsPort: number | null;
  /** Log in afterwards. */
  confirm: boolean;
  /** Listen while the screen is open. */
  listens: boolean;
}

const FRESH: Omit<Draft, 'of'> = { text: '', sshPort: null, httpsPort: null, confirm: false, listens: false };

export const useDraft = create<Draft>()(() => ({ ...FRESH, of: null }));

/** Another site has other networks. */
export function draftFor(site: string): void {
  if (useDraft.getState().of !== site) useDraft.setState({ ...FRESH, of: site });
}
