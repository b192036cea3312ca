/**
 * One codec of each generation of software, with what its time left open: names of algorithms, versions of TLS, ways to
 * log in. What follows from the version itself (commands, settings, defaults, limits) is not said here again.
 */
import type { CodecSpec } from '../types.ts';

type Generation = Pick<CodecSpec, 'model' | 'software' | 'ssh' | 'tls' | 'numbersAll'>;
export type GenerationName = 'ce8' | 'ce9' | 'roomos10' | 'roomos11' | 'roomos26';

/**
 * [assumed] throughout but for the versions: which algorithms and ways to log in CE 8 and TC offer was never seen, and that
 * numbers on every element of XML, which recordings show, are the older software's.
 */
export const GENERATIONS: Record<GenerationName, Generation> = {
  ce8: {
    model: 'Cisco TelePresence SX80',
    software: 'ce8.3.7.0a1b2c3d4e5',
    ssh: { auth: 'password', legacyOnly: true, banner: 'full' },
    tls: { min: 'TLSv1', max: 'TLSv1.1' },
    numbersAll: true,
  },
  ce9: {
    model: 'Cisco Webex Room Kit',
    software: 'ce9.15.17.4.1a2b3c4d5e6',
    ssh: { auth: 'both', banner: 'last-login' },
    tls: { min: 'TLSv1.1', max: 'TLSv1.2' },
    numbersAll: true,
  },
  roomos10: {
    model: 'Cisco Webex Codec Plus',
    software: 'ce10.19.4.2.2a3b4c5d6e7',
    ssh: { auth: 'keyboard-interactive', banner: 'none' },
    tls: { min: 'TLSv1.1', max: 'TLSv1.2' },
  },
  roomos11: {
    model: 'Cisco Room Kit Pro',
    software: 'ce11.27.2.0.3a4b5c6d7e8',
    ssh: { auth: 'keyboard-interactive', banner: 'full' },
    tls: { min: 'TLSv1.2', max: 'TLSv1.3' },
  },
  roomos26: {
    model: 'Cisco Room Bar',
    software: 'ce26.4.1.0.4a5b6c7d8e9',
    ssh: { auth: 'keyboard-interactive', banner: 'custom' },
    tls: { min: 'TLSv1.2', max: 'TLSv1.3' },
  },
};

/** Before CE: nothing of the migration works there. */
export const TC7: Generation = {
  model: 'Cisco TelePresence SX20',
  software: 'TC7.3.3.c84180a',
  ssh: { auth: 'password', legacyOnly: true, banner: 'full' },
  tls: { min: 'TLSv1', max: 'TLSv1' },
  numbersAll: true,
};
