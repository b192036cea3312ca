/**
 * What lies over the page and takes the keys for itself. A notice is a dialog as well, but one that nobody has to answer;
 * and a list of choices that was closed again stays in the page, marked so.
 */
const OVERLAYS = ['dialog', 'alertdialog', 'menu', 'listbox']
  .map((role) => `[role="${role}"]:not([aria-modal="false"], [data-closed])`)
  .join(', ');

export function isOverlaid(): boolean {
  return document.querySelector(OVERLAYS) !== null;
}
