/** Names of keys for people. Pure but for the kind of computer. */

const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

const NAMES: Readonly<Record<string, string>> = {
  $mod: isMac ? '⌘' : 'Ctrl',
  Control: 'Ctrl',
  Shift: '⇧',
  Enter: '↵',
  Space: '␣',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
};

/** `$mod+k` → Ctrl, K. Optional modifiers (`[Shift]+?`) are left out. */
export function shownKeys(keys: string): string[] {
  return keys
    .split(/[+ ]/)
    .filter((part) => part !== '' && !part.startsWith('['))
    .map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part));
}
