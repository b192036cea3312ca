import type { PolyTroubleKind } from './practice-poly-trouble.ts';

/** What is odd about single rooms of the practice site. Names are those of the sample list, and of the rooms made up after it. */
export type TroubleKind =
  | 'other-macros'
  | 'renamed-macros'
  | 'another-device'
  | 'another-passphrase'
  | 'drops-connection'
  | 'in-call'
  | 'managed'
  | 'webex';

export interface Trouble {
  room: string;
  kind: TroubleKind | PolyTroubleKind;
  /** For people. */
  note: string;
  /** Of a Poly device in a mixed site: whether it goes by itself. */
  lasts?: 'harmless' | 'once' | 'stays';
}

export const TROUBLES: readonly (Trouble & { kind: TroubleKind })[] = [
  { room: 'Fjord', kind: 'other-macros', note: "Carries Pexip's Meeting Controls macro and one with odd characters." },
  { room: 'Elv', kind: 'other-macros', note: 'Carries other macros, one of them with odd characters.' },
  { room: 'Foss', kind: 'other-macros', note: "Carries Pexip's Meeting Controls macro." },
  { room: 'Furu', kind: 'other-macros', note: 'Carries other macros.' },
  {
    room: 'Hav',
    kind: 'renamed-macros',
    note: 'Somebody renamed the OTJ macros to calendar-sync and calendar-settings.',
  },
  {
    room: 'Vidde',
    kind: 'another-device',
    note: 'Another codec has the address now: its serial is not the listed one.',
  },
  { room: 'Vik', kind: 'another-passphrase', note: 'The codec has an admin passphrase of its own.' },
  { room: 'Bjørk', kind: 'drops-connection', note: 'Drops the connection once, when a macro is removed.' },
  { room: 'Gran', kind: 'in-call', note: 'Is in a call.' },
  // From here on in larger sites only: the sample list ends before them.
  {
    room: 'Bekk 6',
    kind: 'managed',
    note: 'Cisco TMS administers the codec, and puts macros and accounts back after a minute.',
  },
  { room: 'Berg 6', kind: 'webex', note: 'Is registered to the Webex cloud.' },
];
