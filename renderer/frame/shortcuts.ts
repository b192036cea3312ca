/** Keys and commands of the moment: those of the frame and those of the screen that is open. */
import { useEffect, useRef, useState } from 'react';
import { defaultKeybindingsHandlerIgnore, tinykeys } from 'tinykeys';
import { isOverlaid } from './overlays.ts';

export interface Shortcut {
  /** In the manner of tinykeys: `n`, `g r`, `$mod+k`, `[Shift]+?`. */
  key: string;
  label: string;
  /** Works everywhere, not only on the screen that is open. */
  global: boolean;
}

const shortcuts = new Map<object, Shortcut>();

/** What is bound now, for the list of shortcuts. */
export function boundShortcuts(): Shortcut[] {
  return [...shortcuts.values()];
}

export interface ShortcutOptions {
  /** Default true. */
  enabled?: boolean;
  global?: boolean;
  /** Works while somebody types or a dialog is open as well; for keys with $mod only. */
  anywhere?: boolean;
}

/**
 * Binds a key while the component is there. It does nothing while somebody types in a field or a dialog is open.
 * @param label what it does, for the list of shortcuts
 */
export function useShortcut(key: string, label: string, act: () => void, options: ShortcutOptions = {}): void {
  const { enabled = true, global = false, anywhere = false } = options;
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (!enabled) return;
    const token = {};
    shortcuts.set(token, { key, label, global });
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      latest.current();
    };
    const unbind = tinykeys(window, { [key]: press }, { ignore: anywhere ? () => false : isElsewhere });
    return () => {
      unbind();
      shortcuts.delete(token);
    };
  }, [key, label, enabled, global, anywhere]);
}

function isElsewhere(event: KeyboardEvent): boolean {
  return defaultKeybindingsHandlerIgnore(event) || isOverlaid();
}

export interface Command {
  id: string;
  label: string;
  /** Other words by which it is found. */
  words?: string;
  shortcut?: string;
  run(): void;
}

const commands = new Map<object, readonly Command[]>();

/** What can be done now, for the palette. */
export function boundCommands(): Command[] {
  return [...commands.values()].flat();
}

/** Offers actions in the palette while the component is there, as they were last rendered. */
export function useCommands(offered: readonly Command[]): void {
  const [token] = useState(() => ({}));
  useEffect(() => {
    commands.set(token, offered);
  });
  useEffect(() => () => void commands.delete(token), [token]);
}
