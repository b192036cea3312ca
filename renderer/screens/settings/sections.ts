/** The parts of the settings, in their order. */
export const SECTIONS = [
  'site',
  'infinity',
  'logins',
  'devices',
  'pilots',
  'passphrase',
  'appearance',
  'about',
] as const;
export type Section = (typeof SECTIONS)[number];
