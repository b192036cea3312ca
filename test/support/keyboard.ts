/** A person without a mouse. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { focus } from './a11y.ts';

/** Presses keys, and looks each time where the keyboard is: it must be somewhere, and to be seen. */
export function keyboardOf(page: Page) {
  const stands = async () => {
    await expect.poll(() => focus(page)).toEqual({ what: expect.any(String), lost: false, visible: true });
  };
  const press = async (...keys: string[]) => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await stands();
    }
  };
  /** Goes on by Tab until it is there; throws when it cannot be reached so. */
  const tabTo = async (target: Locator) => {
    await target.waitFor();
    for (let pressed = 0; pressed < 60; pressed++) {
      if (await isFocused(target)) return;
      await press('Tab');
    }
    throw new Error(`60 times Tab did not lead to ${target}, but to ${(await focus(page)).what}`);
  };
  return { stands, press, tabTo };
}

export function isFocused(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === element.ownerDocument.activeElement);
}
