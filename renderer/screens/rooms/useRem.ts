/** How large the text is: sizes that have to be known as pixels grow with it. */
import { useSyncExternalStore } from 'react';

const USUAL_REM = 16;

/** One rem wide and never seen: its size changes with the size of the text. */
function subscribe(changed: () => void): () => void {
  const probe = document.createElement('div');
  probe.style.cssText = 'position:absolute;width:1rem;height:0;visibility:hidden';
  document.body.append(probe);
  const observer = new ResizeObserver(changed);
  observer.observe(probe);
  return () => {
    observer.disconnect();
    probe.remove();
  };
}

function remNow(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || USUAL_REM;
}

/** Pixels of one rem. */
export function useRem(): number {
  return useSyncExternalStore(subscribe, remNow);
}

/** How much the text is enlarged: 1 = not. */
export function useZoom(): number {
  return useRem() / USUAL_REM;
}

const WIDE = '(min-width: 68.75rem)';

function followWidth(changed: () => void): () => void {
  const query = matchMedia(WIDE);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** Whether the details stand beside the table; else they would slide over it. */
export function useWide(): boolean {
  return useSyncExternalStore(followWidth, () => matchMedia(WIDE).matches);
}
