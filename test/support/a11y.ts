/** What somebody needs who does not see well, or has no mouse: looked for in the page as it is. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

/** The small form: half as much to read for each page. */
const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Puts axe into a page. In the page's own world the policy of the page would stop it; through the debugger it does not. */
export async function bringAxe(page: Page): Promise<void> {
  await page.evaluate(`window.axe ?? (() => { ${SOURCE} })(); 0`);
}

/** Whatever moves and comes to an end: colours that have just changed with the scheme are half those of before for a moment. */
const MOVING =
  "document.getAnimations().filter((one) => one.playState === 'running' && one.effect.getComputedTiming().endTime < Infinity)";

/**
 * What axe finds wrong. Frames hold documents that are tested by themselves.
 * @param only rules to look at; all when left out
 */
export async function violations(page: Page, only?: readonly string[]): Promise<{ id: string; nodes: string[] }[]> {
  await bringAxe(page);
  await page.evaluate(`Promise.allSettled(${MOVING}.map((one) => one.finished)).then(() => 0)`);
  const options: axe.RunOptions = {
    resultTypes: ['violations'],
    iframes: false,
    ...(only ? { runOnly: [...only] } : {}),
    // An open menu lies over the page and belongs to its button, not to a landmark. Of dialogs the rule knows as much.
    ...((await page.locator('[role="menu"], [role="listbox"]').count()) > 0
      ? { rules: { region: { enabled: false } } }
      : {}),
  };
  const result = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as axe.AxeResults;
  return result.violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.slice(0, 3).map(({ html, failureSummary = '' }) => `${html.slice(0, 300)} ${failureSummary}`),
  }));
}

/** How much wider the page wants to be than it is, pixels. */
export async function tooWide(page: Page): Promise<number> {
  return (await page.evaluate(
    'Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - document.documentElement.clientWidth',
  )) as number;
}

/** Text as large as somebody may set it. @param factor 1 = as usual */
export async function setTextSize(page: Page, factor: number): Promise<void> {
  await page.evaluate(`document.documentElement.style.fontSize = ${factor === 1 ? "''" : `'${factor * 100}%'`}`);
}

export interface Focus {
  /** Tag, role and text of what has the keyboard. */
  what: string;
  /** It is nowhere: the next Tab begins at the top of the page. */
  lost: boolean;
  /** Somebody who looks at the page sees where it is. */
  visible: boolean;
}

/**
 * Where the keyboard is. A heading that took the focus because its screen has just opened needs no ring: what is new there
 * is the whole screen.
 */
export async function focus(page: Page): Promise<Focus> {
  return (await page.evaluate(`(() => {
    const holder = document.activeElement;
    // A list may hold the keyboard itself and say which of its rows is meant.
    const meant = holder?.getAttribute('aria-activedescendant');
    const at = (meant && document.getElementById(meant)) || holder;
    if (!at || at === document.body) return { what: 'body', lost: true, visible: false };
    const { top, bottom, left, right, width, height } = at.getBoundingClientRect();
    const inSight = width > 0 && height > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    const marked = (element) => {
      const { outlineStyle, outlineWidth, boxShadow, backgroundColor } = getComputedStyle(element);
      const ring = (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
      // In a menu the one entry with a ground of its own is where the keyboard is.
      return ring || (element.closest('[role="menu"]') !== null && !/, 0\\)$/.test(backgroundColor));
    };
    const isTarget = at.tabIndex < 0 || at.closest('[role="dialog"], [role="menu"]') === at;
    const what = [at.tagName, at.getAttribute('role'), at.getAttribute('aria-label') ?? at.textContent.slice(0, 60)];
    return { what: what.join(' '), lost: false, visible: inSight && (isTarget || marked(at) || marked(at.parentElement)) };
  })()`)) as Focus;
}
