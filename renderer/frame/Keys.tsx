import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../bridge/bridge.ts';
import { notify, notifyProblem } from '../design/toasts.ts';
import { navigate, useStore } from '../state/store.ts';
import { PHASE_KEYS, PHASES, type Phase } from './phases.ts';
import { useShortcut } from './shortcuts.ts';

const Palette = lazy(async () => ({ default: (await import('./Palette.tsx')).Palette }));
const ShortcutList = lazy(async () => ({ default: (await import('./ShortcutList.tsx')).ShortcutList }));

/** The keys that work on every screen, and the two dialogs behind them. */
export function Keys({ hasSite }: { hasSite: boolean }) {
  const { t } = useTranslation(['palette', 'frame']);
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null);
  const toggle = (which: 'palette' | 'shortcuts') => setOpen((was) => (was === which ? null : which));
  useShortcut('$mod+k', t('openPalette'), () => toggle('palette'), { global: true, anywhere: true, enabled: hasSite });
  useShortcut('[Shift]+?', t('openShortcuts'), () => toggle('shortcuts'), { global: true });
  useShortcut('[Shift]+/', t('focusSearch'), focusSearch, { global: true, enabled: hasSite });
  useShortcut('n', t('nextRoom'), () => void nextRoom(t('frame:notNext')), { global: true, enabled: hasSite });
  return (
    <>
      {hasSite && PHASES.map((phase) => <PhaseKey key={phase} phase={phase} />)}
      <Suspense fallback={null}>
        {open === 'palette' && <Palette onClose={() => setOpen(null)} onShortcuts={() => setOpen('shortcuts')} />}
        {open === 'shortcuts' && <ShortcutList onClose={() => setOpen(null)} />}
      </Suspense>
    </>
  );
}

function PhaseKey({ phase }: { phase: Phase }) {
  const { t } = useTranslation('frame');
  useShortcut(PHASE_KEYS[phase], t(`phase.${phase}`), () => navigate(phase), { global: true });
  return null;
}

function focusSearch(): void {
  document.querySelector<HTMLInputElement>('main [data-search]')?.focus();
}

/** Goes to the nearest room that is not done: alone if a room is shown alone, else beside the table. */
async function nextRoom(none: string): Promise<void> {
  const { route } = useStore.getState();
  try {
    const { roomId } = await call('rooms.next', { after: route.roomId });
    if (roomId === null) return void notify({ title: none });
    useStore.setState({ arriving: roomId });
    navigate(route.screen === 'room' ? 'room' : 'rooms', roomId);
  } catch (thrown) {
    notifyProblem(thrown);
  }
}
