/** `otj m365 places`: device names and tags of migrated rooms in the tenant's places, off unless it is switched on. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { OtjError } from '../contract/errors.ts';
import {
  type PlaceOutcome,
  type PlacesMode,
  type PlaceTheirs,
  placeDeviceSchema,
  placesSettingsSchema,
} from '../contract/microsoft/places.ts';
import { roomsNamed } from '../services/inventory.ts';
import { assertPlacesOn, placesSettings, setPlaces } from '../services/places/settings.ts';
import { roomsFor, updatePlaces } from '../services/places/update.ts';
import { placesView } from '../services/places/view.ts';
import { withSite } from './context.ts';
import { clean, type Output, roomCount } from './output.ts';

const several = (one: string, all: string[] = []) => [...all, one];

export function addPlacesCommands(m365: Command): void {
  const places = m365
    .command('places')
    .summary('device names and tags in the tenant’s list of rooms, once they are migrated')
    .description(
      'Writes the name of a room’s device and tags into the tenant’s list of rooms once the room is migrated, and puts back what stood there before. Off unless it is switched on.',
    );

  places
    .command('set')
    .summary('switch it on, and what is written')
    .description(
      'Switches it on. It asks for a permission of its own: sign in again with `otj m365 sign-in SITE --for places`, as an Exchange administrator. From then on a sync fills in what is empty, too. What is not named stays as it was set before.',
    )
    .argument('<site>')
    .addOption(
      new Option('--device <property>', 'which property takes the device’s name (repeatable); none: no device name')
        .choices([...placeDeviceSchema.options, 'none'])
        .argParser((one: string, all: string[] = []) => {
          if (one !== 'none' && !placeDeviceSchema.safeParse(one).success)
            throw new OtjError('USAGE', `--device ${one}: ${placeDeviceSchema.options.join(', ')} or none`);
          return [...all, one];
        }),
    )
    .option('--tag <text>', 'a tag that each room gets beside those it has (repeatable)', several)
    .option('--no-tags', 'no tags')
    .action(set);

  places
    .command('off')
    .summary('switch it off; what was written stays until it is put back')
    .argument('<site>')
    .action((path: string, _own: object, command: Command) =>
      withSite(path, command.optsWithGlobals(), { unlock: false, change: true }, ({ site, out }) => {
        setPlaces(site, null);
        out.say('Places are not written any more. `otj m365 places undo` still puts back what was.');
        out.emit({ type: 'result', settings: null });
        return 0;
      }),
    );

  for (const [mode, summary, description] of [
    [
      'look',
      'what would be written',
      'Compares each migrated room’s place with what would be written. Changes nothing.',
    ],
    [
      'write',
      'write it',
      'Writes what differs, and nothing else; what stood there before is kept in the site file. Tags are added, never replaced. What somebody has set since our last write is shown and stays, unless --overwrite names the room.',
    ],
    [
      'undo',
      'put back what stood there before',
      'Puts back what stood there before our first write, where it is still as we left it, and takes our tags away.',
    ],
  ] as const) {
    const sub = places
      .command(mode)
      .summary(summary)
      .description(description)
      .argument('<site>')
      .argument('[rooms...]', mode === 'undo' ? 'default: all that were written' : 'default: all that are migrated');
    if (mode === 'write')
      sub.option('--overwrite', 'write over what somebody has set since, in the rooms that are named');
    sub.action((path: string, names: string[], own: { overwrite?: boolean }, command: Command) =>
      update(mode, path, names, own.overwrite === true, command),
    );
  }

  places.command('status').summary('what is ours there, and what stood there before').argument('<site>').action(status);
}

interface SetOptions {
  device?: string[];
  tag?: string[];
  tags: boolean;
}

function set(path: string, own: SetOptions, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false, change: true }, ({ site, out }) => {
    const before = placesSettings(site) ?? placesView(site).usual;
    const wish = placesSettingsSchema.safeParse({
      devices: own.device ? own.device.filter((one) => one !== 'none') : before.devices,
      tags: own.tags ? (own.tag ?? before.tags) : [],
    });
    if (!wish.success) throw new OtjError('SETTING_UNFIT', z.prettifyError(wish.error).replaceAll('\n', ' '));
    setPlaces(site, wish.data);
    const { devices, tags } = wish.data;
    if (devices.length > 0) out.say(`The device’s name goes into ${devices.join(', ')}.`);
    if (tags.length > 0) out.say(`Tags: ${tags.map(clean).join(', ')}.`);
    out.say(`Next: otj m365 sign-in ${path} --for places, then otj m365 places look ${path}`);
    out.emit({ type: 'result', settings: wish.data });
    return 0;
  });
}

function update(mode: PlacesMode, path: string, names: string[], overwrite: boolean, command: Command): Promise<void> {
  if (overwrite && names.length === 0) throw new OtjError('USAGE', '--overwrite goes with the rooms that it is about');
  const check = mode === 'undo' ? {} : { check: assertPlacesOn };
  return withSite(path, command.optsWithGlobals(), { unlock: true, ...check }, async ({ site, out, signal }) => {
    const rooms = names.length > 0 ? roomsNamed(site, names) : roomsFor(site, mode);
    if (rooms.length === 0) throw new OtjError('NOTHING_TO_DO');
    let at = 0;
    const told = (outcome: PlaceOutcome) => {
      tellPlace(out, outcome);
      out.progress(`${++at} of ${rooms.length} rooms`);
    };
    const policy = overwrite ? 'overwrite' : 'replace';
    const { rooms: _, ...counts } = await updatePlaces(site, { mode, policy, rooms, signal, told });
    out.progress('');
    const { differs, done, same, failed } = counts;
    const said = {
      look: `${roomCount(differs)} would be written`,
      write: `${roomCount(done)} written`,
      undo: `${roomCount(done)} put back`,
    }[mode];
    out.say(`${said}, ${same} as they were, ${failed} not.`);
    out.emit({ type: 'result', ...counts });
    return failed > 0 ? 1 : 0;
  });
}

/** What became of one room; nothing is said of one that is as it should be. */
export function tellPlace(out: Output, { room, what, changes, theirs, problem }: PlaceOutcome): void {
  out.emit({ type: 'place', room, what, changes, theirs, problem });
  if (problem) out.problem(problem, room);
  else if (changes.length > 0)
    out.say(`${{ differs: '○', written: '●', undone: '↺', same: '·', failed: '▲' }[what]} ${clean(room)}`);
  if (!problem)
    for (const { property, before, after } of changes) out.say(`    ${property}: ${shown(before)} → ${shown(after)}`);
  tellTheirs(out, room, theirs);
}

function tellTheirs(out: Output, room: string, all: readonly PlaceTheirs[]): void {
  for (const { property, theirs, ours } of all)
    out.say(`▲ ${clean(room)}: ${property} stays ${shown(theirs)}, as somebody set it; ours would be ${shown(ours)}`);
}

function shown(value: string | null): string {
  return value === null ? '–' : clean(value);
}

function status(path: string, _own: object, command: Command): Promise<void> {
  return withSite(path, command.optsWithGlobals(), { unlock: false }, ({ site, out }) => {
    const view = placesView(site);
    const { settings, owed, written, rooms } = view;
    out.say(
      settings
        ? `Switched on. Device name in: ${settings.devices.join(', ') || 'none'}. Tags: ${settings.tags.map(clean).join(', ') || 'none'}.`
        : 'Switched off.',
    );
    for (const { room, ours, theirs, problem } of rooms) {
      if (problem) out.problem(problem, room);
      for (const { property, before, after } of ours)
        out.say(
          `● ${clean(room)}: ${property} ${shown(after)}${property === 'tags' ? '' : `, before ${shown(before)}`}`,
        );
      tellTheirs(out, room, theirs);
    }
    out.say(`${roomCount(written)} written; ${owed} owed.`);
    out.emit({ type: 'result', ...view });
    return owed === 0 ? 0 : 1;
  });
}
