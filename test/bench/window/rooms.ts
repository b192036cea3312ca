/** A real site file with many rooms, whose names are such that each letter of some words leaves fewer rooms. */
import { importRooms } from '../../../main/services/inventory.ts';
import { Site } from '../../../main/site/site.ts';

/** `fjord` and `skogen` leave fewer rooms with each letter; the others are what a house has besides. */
const NAMES = ['Fjord', 'Fjorgyn', 'Fjong', 'Fjell', 'Foss', 'Skogen', 'Skoger', 'Skog', 'Sko', 'Skip', 'Sund', 'Elv'];
const FLOORS = 40;

/** Words of which each key, and each taking back, changes what the table shows. */
export const WORDS = ['fjord', 'skogen', '4711'] as const;

/** One line of the list. */
interface Listed {
  name: string;
  floor: string;
  mailbox: string;
  address: string;
  family: string;
}

export function listedRooms(rooms: number): Listed[] {
  return Array.from({ length: rooms }, (_, at) => {
    const name = NAMES[at % NAMES.length] ?? '';
    return {
      name: `${name} ${at}`,
      floor: `${at % FLOORS}`,
      mailbox: `${name.toLowerCase()}-${at}@example.com`,
      address: `10.${at >> 14}.${(at >> 7) & 127}.${1 + (at & 127)}`,
      family: at % 3 === 2 ? 'poly' : 'cisco',
    };
  });
}

/** How many rooms a search is to find. */
export function countOf(list: readonly Listed[], query: string): number {
  return list.filter(({ name, mailbox, address }) =>
    [name, mailbox, address].some((text) => text.toLowerCase().includes(query)),
  ).length;
}

/** Creates the site file: rooms on many floors of one building, in several states. */
export async function makeBenchSite(path: string, list: readonly Listed[]): Promise<void> {
  const site = await Site.create(path, 'only for this bench', { name: 'Bench' });
  try {
    const lines = list.map(
      ({ name, floor, mailbox, address, family }) => `${name},House,${floor},${mailbox},${address},${family}`,
    );
    const { added } = importRooms(
      site,
      Buffer.from(['room,building,floor,mailbox,address,family', ...lines].join('\n')),
    );
    if (added !== list.length) throw new Error(`${added} of ${list.length} rooms were imported`);
    site.db.transaction(() => {
      for (const { id } of site.rooms.all()) {
        if (id % 4 === 0) site.rooms.setState(id, 'ready');
        if (id % 7 === 0) site.rooms.setState(id, 'migrated');
      }
    });
  } finally {
    site.close();
  }
}
