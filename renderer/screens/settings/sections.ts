/** The parts of the settings, and which one somebody was sent to. */
import { create } from 'zustand';
import { navigate } from '../../state/store.ts';

export const SECTIONS = ['site', 'infinity', 'logins', 'devices', 'passphrase', 'appearance', 'about'] as const;
export type Section = (typeof SECTIONS)[number];

export const useWanted = create<{ wanted: Section | null }>()(() => ({ wanted: null }));

/** Opens the settings at one of their parts. */
export function openSettings(section: Section): void {
  useWanted.setState({ wanted: section });
  navigate('settings');
}
