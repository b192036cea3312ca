/** Who made a network card, by the first three bytes of its address. A hint, never a proof. */
import { z } from 'zod';
import table from '../../assets/mac-vendors.json' with { type: 'json' };

const { vendors } = z
  .object({ vendors: z.array(z.object({ name: z.string(), prefixes: z.array(z.string()) })) })
  .parse(table);

const NAMES: ReadonlyMap<string, string> = new Map(
  vendors.flatMap(({ name, prefixes }) =>
    prefixes.flatMap((line) => line.split(' ').map((prefix): [string, string] => [prefix, name])),
  ),
);

/** @param mac upper-case hex with colons. @returns null for makers that have nothing to do with meeting rooms */
export function vendorOf(mac: string): string | null {
  return NAMES.get(mac.replaceAll(':', '').slice(0, 6)) ?? null;
}
