import { useEffect } from 'react';
import { isOverlaid } from './overlays.ts';

/** No fields: who did not ask for one would write shortcuts into it. */
const CONTROLS = 'button, a[href], input[type="checkbox"], input[type="radio"], select, [tabindex="0"]';

/**
 * The focus is never lost: when the control that had it goes away or is switched off, such as a button that starts work,
 * the nearest control around its place gets it, else the heading of the screen.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let path: Element[] = [];
    const remember = (event: FocusEvent) => {
      path = [];
      for (let at = event.target; at instanceof Element; at = at.parentElement) path.push(at);
    };
    const keep = () => {
      const [last] = path;
      // A dialog that closes brings the focus back by itself.
      if (!last || document.activeElement !== document.body || isOverlaid()) return;
      if (last.isConnected && !last.matches(':disabled')) return;
      nearest(path)?.focus({ preventScroll: true });
    };
    const watcher = new MutationObserver(keep);
    watcher.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
    document.addEventListener('focusin', remember);
    return () => {
      watcher.disconnect();
      document.removeEventListener('focusin', remember);
    };
  }, []);
}

/** @param path the lost control and all that it stood in, inmost first */
function nearest(path: readonly Element[]): HTMLElement | null {
  const content = document.getElementById('content');
  for (const around of path) {
    if (around === content || !content?.contains(around)) continue;
    for (const control of around.querySelectorAll<HTMLElement>(CONTROLS))
      if (!control.matches(':disabled') && control.checkVisibility()) return control;
  }
  return content?.querySelector('h1') ?? null;
}
