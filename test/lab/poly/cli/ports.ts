import type { Socket } from 'node:net';
import type { Server as SshServer } from 'ssh2';
import { Door } from '../../door.ts';
import type { PolyCli } from '../../types.ts';
import type { CliDevice } from './device.ts';
import { createSshServer } from './ssh.ts';
import { serveTelnet } from './telnet.ts';

/** The ports of the command line: only those that the description names, and open as the settings say. */
export class CliPorts {
  readonly #device: CliDevice;
  readonly #ssh: Door | undefined;
  readonly #telnet: Door | undefined;
  #server: SshServer | undefined;

  constructor(device: CliDevice, spec: { sshPort?: number; telnetPort?: number; cli?: PolyCli }) {
    this.#device = device;
    const { sshPort, telnetPort, cli = {} } = spec;
    const { address } = device.given;
    const { line } = device.world;
    const hung = () => device.faults.hung === true;
    if (sshPort !== undefined) {
      const take = (socket: Socket) => {
        this.#server ??= createSshServer(device, cli, door);
        this.#server.injectSocket(socket);
      };
      const door = new Door(address, sshPort, hung, take, line);
      this.#ssh = door;
    }
    if (telnetPort !== undefined) {
      this.#telnet = new Door(address, telnetPort, hung, (socket) => serveTelnet(device, cli, socket), line);
    }
  }

  doors(): { door: Door; open: boolean }[] {
    const on = (key: string): boolean => this.#device.settings.on(key);
    return [
      ...(this.#ssh ? [{ door: this.#ssh, open: on('sec.ssh.enable') }] : []),
      ...(this.#telnet ? [{ door: this.#telnet, open: on('sec.telnet.enable') }] : []),
    ];
  }
}
