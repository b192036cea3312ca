/** The lab's own codecs and a Poly device, which count failed logins and lock, at the ports that devices have. */
import { startCodec } from '../lab/cisco/codec.ts';
import { startPolyVideoOs } from '../lab/poly/videoos.ts';
import type { LabDevice } from '../lab/types.ts';
import { createWorld } from '../lab/world.ts';

export const LOGIN = { username: 'admin', password: 'Device-Admin-7654321' };
export const SERIALS = ['FOC3333LAB1', 'FOC3333LAB2', '8G00000000LAB3'];

export interface RealDevices {
  /** In the order of SERIALS. */
  readonly addresses: string[];
  /** Kinds, sorted. */
  readonly kinds: string[];
  /** Of the codecs. */
  failedLogins(): number;
  stop(): Promise<void>;
}

/** @param network first three numbers of their addresses */
export async function startRealDevices(network: string): Promise<RealDevices> {
  const world = createWorld();
  const common = (last: number) => ({
    address: `${network}.${last}`,
    httpsPort: 443,
    serial: SERIALS[last - 1] ?? '',
    mac: `00:50:60:00:00:0${last}`,
    systemName: `Room ${last}`,
  });
  const codec = (last: number) =>
    startCodec(
      {
        kind: 'codec',
        ...common(last),
        sshPort: 22,
        model: 'Cisco Room Kit Pro',
        software: 'ce26.4.1.0.0123456789a',
        users: [{ username: LOGIN.username, passphrase: LOGIN.password, roles: ['Admin'] }],
        macros: [],
      },
      world,
    );
  const poly = startPolyVideoOs(
    {
      kind: 'poly-videoos',
      ...common(3),
      model: 'StudioX50',
      software: '4.2.0',
      admin: LOGIN,
      calendar: {
        enabled: false,
        server: '',
        mailbox: 'room@example.com',
        domain: '',
        username: 'room',
        password: 'x',
      },
      pollMs: 1_000,
    },
    world,
  );
  const codecs = await Promise.all([codec(1), codec(2)]);
  const all: LabDevice[] = [...codecs, await poly];
  return {
    addresses: all.map(({ spec }) => spec.address),
    kinds: ['cisco-roomos', 'cisco-roomos', 'poly-videoos'],
    failedLogins: () =>
      codecs.reduce((sum, one) => {
        const { users } = one.snapshot() as { users: { failedLogins: number }[] };
        return sum + users.reduce((all, { failedLogins }) => all + failedLogins, 0);
      }, 0),
    stop: async () => void (await Promise.all(all.map((one) => one.stop()))),
  };
}
