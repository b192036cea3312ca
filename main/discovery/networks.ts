/** The networks that this computer is part of. */
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import type { OwnNetwork } from '../contract/evidence.ts';
import { AddressSet, isPrivate } from './ranges.ts';

/** Of larger networks only the neighbourhood of this computer is offered. */
const MOST_BITS = 16;
const NEIGHBOURHOOD_BITS = 24;

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** IPv4 networks of interfaces that lead somewhere, each once. */
export function ownNetworks(interfaces: Interfaces = networkInterfaces()): OwnNetwork[] {
  const networks = addressesOf(interfaces).flatMap(({ name, address, cidr }): OwnNetwork[] => {
    const bits = Number(cidr?.split('/')[1] ?? Number.NaN);
    // A link without neighbours, such as a tunnel's, has nothing to look for.
    if (!(bits > 0 && bits < 32)) return [];
    const isPart = bits < MOST_BITS;
    const shown = isPart ? NEIGHBOURHOOD_BITS : bits;
    const range = `${ipaddr.IPv4.networkAddressFromCIDR(`${address}/${shown}`).toString()}/${shown}`;
    const addresses = AddressSet.of([range]).size;
    return [{ name, address, range, addresses, isPart, isPrivate: isPrivate(address) }];
  });
  return networks.filter(({ range }, at) => networks.findIndex((other) => other.range === range) === at);
}

/** IPv4 addresses of all interfaces but the loopback's. */
export function addressesOf(
  interfaces: Interfaces = networkInterfaces(),
): { name: string; address: string; cidr: string | null }[] {
  return Object.entries(interfaces).flatMap(([name, all = []]) =>
    all
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address, cidr }) => ({ name, address, cidr })),
  );
}
