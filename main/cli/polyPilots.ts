/** `otj poly …`: settings by hand, which Poly devices go first, and which are moved by hand. */
import type { Command } from 'commander';
import { OtjError } from '../contract/errors.ts';
import { roomRecipe } from '../services/byHand.ts';
import { roomsNamed } from '../services/inventory.ts';
import { dropPilot, pilotViews, writeContribution } from '../services/pilots.ts';
import { keepOldPassword, roomLogin } from '../services/roomLogin.ts';
import type { Room } from '../site/rooms.ts';
import type { Site } from '../site/site.ts';
import { withSite } from './context.ts';
import { clean, type Output } from './output.ts';
import { addPolyHandCommands } from './poly.ts';
import { descriptor, readSecret } from './secrets.ts';

export function addPolyPilotCommands(program: Command): void {
  const poly = program
    .command('poly')
    .description(
      'What is special to Poly devices: their settings by hand, which go first, what was learned from them, which are moved by hand.',
    );

  addPolyHandCommands(poly);

  poly
    .command('recipe')
    .summary('what to type by hand on devices that no program speaks to')
    .description(
      'Prints what a person types on the HDX or Debut of a room, and where. Run the room first (otj run), so that its entry is on Infinity; afterwards otj tick says that it is done, and otj sync asks Infinity whether the device has come. The password is printed only with --password, and then nowhere else.',
    )
    .argument('<site>')
    .argument('<rooms...>')
    .option('--password', 'print the password as well: it has to be typed at the device')
    .action((path: string, names: string[], own: { password?: boolean }, command: Command) =>
      withSite(path, command.optsWithGlobals(), { unlock: true }, ({ site, out }) => {
        for (const room of roomsNamed(site, names)) sayRecipe(out, site, room, own.password === true);
        return 0;
      }),
    );

  poly
    .command('old-password')
    .summary('seal the calendar password that a device has before its move')
    .description(
      'Seals the calendar password that the device of a room has with the Pexip Service, for an undo: no device ever tells it, so a backup cannot hold it. It is asked for, or read from a file descriptor; Enter alone forgets it. Without it an undo puts everything back but this password.',
    )
    .argument('<site>')
    .argument('<room>')
    .option('--password-fd <fd>', 'read it from this file descriptor', descriptor)
    .action((path: string, name: string, own: { passwordFd?: number }, command: Command) =>
      withSite(path, command.optsWithGlobals(), { unlock: true, change: true }, async ({ site, out }) => {
        const [room] = roomsNamed(site, [name]);
        if (!room) throw new OtjError('ROOM_UNKNOWN', name);
        const question = 'Calendar password that the device has now (Enter to forget one that was sealed)';
        const password = await readSecret(own.passwordFd, question, { optional: true });
        keepOldPassword(site, room, password);
        out.say(`${clean(room.name)}: ${password ? 'sealed for an undo' : 'no old password is kept'}.`);
        out.emit({ type: 'old-password', room: room.name, kept: password !== '' });
        return 0;
      }),
    );

  poly
    .command('pilots')
    .summary('which devices went first, and which rooms wait for them')
    .description(
      'Lists the pilots of the site. The names of Poly’s calendar settings differ between models and software, and not all are confirmed; so the first device of each such model and software is moved alone, watched by a person (otj run SITE ROOM --pilot ROOM), and the others follow when it has registered and shown a meeting.',
    )
    .argument('<site>')
    .action((path: string, _own, command: Command) =>
      withSite(path, command.optsWithGlobals(), { unlock: false }, ({ site, out }) => {
        const pilots = pilotViews(site);
        for (const pilot of pilots) out.emit({ type: 'pilot', ...pilot });
        if (pilots.length === 0) out.say('No pilot has been begun in this site.');
        else
          out.table(
            ['what', 'room', 'serial', 'how it stands', 'waiting'],
            pilots.map(({ title, room, serial, confirmedAt, problem, waiting }) => [
              title,
              room,
              serial,
              confirmedAt ? `confirmed ${confirmedAt}` : (problem?.happened ?? 'has not shown a meeting yet'),
              waiting,
            ]),
            ['serial'],
          );
        return 0;
      }),
    );

  poly
    .command('drop')
    .summary('give up the unconfirmed pilot of a room')
    .description(
      'Gives up the unconfirmed pilot of a room, so that another room of its kind may be begun as one: for a device that is broken or was replaced. Where it can be reached, put it back with otj undo in its stead. Changes nothing on any device.',
    )
    .argument('<site>')
    .argument('<room>')
    .action((path: string, name: string, _own, command: Command) =>
      withSite(path, command.optsWithGlobals(), { unlock: false }, ({ site, out }) => {
        const [room] = roomsNamed(site, [name]);
        if (!room) throw new OtjError('ROOM_UNKNOWN', name);
        dropPilot(site, room);
        out.say(`${clean(room.name)} is no pilot any more. The next room of its kind can be one.`);
        out.emit({ type: 'dropped', room: room.name });
        return 0;
      }),
    );

  poly
    .command('contribution')
    .summary('write what the confirmed pilots add to the data files')
    .description(
      'Writes which setting names were seen to work on which model and software, as it can be added to assets/poly-settings. No room, address, serial number or name of a person is in it.',
    )
    .argument('<site>')
    .option('--out <file>', 'default: poly-contribution.json beside the site file')
    .action((path: string, own: { out?: string }, command: Command) =>
      withSite(path, command.optsWithGlobals(), { unlock: false }, ({ site, out }) => {
        const written = writeContribution(site, own.out ?? null);
        out.say(`${written.entries} confirmed: ${clean(written.path)}`);
        out.emit({ type: 'contribution', ...written });
        return 0;
      }),
    );
}

function sayRecipe(out: Output, site: Site, room: Room, withPassword: boolean): void {
  const { name, where, assumed, fields } = roomRecipe(site, room);
  const family = site.rooms.endpointOf(room.id)?.family;
  const password = withPassword && family ? roomLogin(site, room, family).password : null;
  const shown = fields.map(({ label, value }) => ({ label, value: value ?? password }));
  out.say(`${clean(room.name)}: ${name} at ${clean(site.rooms.endpointOf(room.id)?.address ?? '')}`);
  out.say(`    Sign in to its web page: ${where.join(' > ')}${assumed ? ' (the page may use other words)' : ''}`);
  for (const { label, value } of shown) {
    const words = value === null ? '(sealed; --password shows it)' : value === '' ? '(leave it empty)' : clean(value);
    out.say(`    ${label}: ${words}`);
  }
  out.say(`    Then: otj tick ${site.path} ${clean(room.mailbox)}`);
  out.emit({ type: 'recipe', room: room.name, device: name, where, assumed, fields: shown });
}
