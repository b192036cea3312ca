/** A person without a mouse. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { focus } from './a11y.ts';

export interface Keyboard {
  /** The keyboard is somewhere, and to be seen there. */
  stands(): Promise<void>;
  /** One key after the other; after each the keyboard must stand. */
  press(...keys: string[]): Promise<void>;
  /** Goes on by Tab until it is there; throws when it cannot be reached so. */
  tabTo(target: Locator): Promise<void>;
  /** The same, backwards where that is the way. */
  reach(target: Locator): Promise<void>;
  /** Goes to a field and writes into it, in place of what was there. */
  write(field: Locator, text: string): Promise<void>;
  /** Goes to a button and presses it. */
  push(button: Locator): Promise<void>;
}

/** Between two stops of a screen; more is no way that a person would go. */
const MOST_TABS = 60;

export function keyboardOf(page: Page): Keyboard {
  const stands = async () => {
    await expect.poll(() => focus(page)).toEqual({ what: expect.any(String), lost: false, visible: true });
  };
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await stands();
    }
  };
  const go = async (target: Locator, key: 'Tab' | 'Shift+Tab') => {
    for (let pressed = 0; pressed < MOST_TABS; pressed++) {
      if (await isFocused(target)) return;
      await press(key);
    }
    throw new Error(`${MOST_TABS} times ${key} did not lead to ${target}, but to ${(await focus(page)).what}`);
  };
  const tabTo = async (target: Locator) => {
    await target.waitFor();
    await go(target, 'Tab');
  };
  const reach = async (target: Locator) => {
    await target.waitFor();
    await go(target, (await isBefore(target)) ? 'Shift+Tab' : 'Tab');
  };
  return {
    stands,
    press,
    tabTo,
    reach,
    async write(field, text) {
      await reach(field);
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.insertText(text);
    },
    async push(button) {
      await reach(button);
      await page.keyboard.press('Enter');
    },
  };
}

export function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === element.ownerDocument.activeElement);
}

/** Whether it stands before what has the keyboard now. */
function isBefore(target: Locator): Promise<boolean> {
  return target.evaluate((element) => {
    const { activeElement } = element.ownerDocument;
    const place = activeElement ? element.compareDocumentPosition(activeElement) : 0;
    return (place & element.DOCUMENT_POSITION_FOLLOWING) !== 0;
  });
}
