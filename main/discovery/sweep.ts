/** Looks at many addresses, politely: a limited number at once, progress after each, cancel at any time. */
import pLimit from 'p-limit';
import { type ProbeOptions, probe, type Sighting } from './fingerprint.ts';

/** Hosts looked at together: few enough for a customer's network and a laptop's sockets. */
const AT_ONCE = 48;

/**
 * @param seen told after each address, with null when nothing answered there
 * @returns what answered, in the order of the addresses
 */
export async function sweep(
  addresses: readonly string[],
  options: ProbeOptions,
  seen: (address: string, sighting: Sighting | null) => void,
): Promise<Sighting[]> {
  const limit = pLimit(AT_ONCE);
  const found = await Promise.all(
    addresses.map((address) =>
      limit(async () => {
        if (options.signal.aborted) return null;
        const sighting = await probe(address, options);
        seen(address, sighting);
        return sighting;
      }),
    ),
  );
  return found.filter((sighting) => sighting !== null);
}
