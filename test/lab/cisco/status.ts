/** The status tree, built when it is read; paths and roles after the public xAPI schemas of https://roomos.cisco.com. */
import type { Codec } from './model.ts';
import type { Role } from './settings.ts';
import { type Element, element, fromShape, prune } from './tree.ts';
import { displayName } from './version.ts';

/** Readable for Admin and User only; everything else for Integrator too. */
const NOT_FOR_INTEGRATOR = /^(Network|SystemUnit (Software|BroadcastName)|UserInterface ContactInfo)\b/;

export function statusTree(codec: Codec, roles: readonly Role[]): Element {
  const { spec, version, settings } = codec;
  const platform = spec.model.replace(/^Cisco /, '');
  const activeCalls = codec.faults.inCall ? 1 : 0;
  const root = element(
    'Status',
    fromShape({
      Network: [
        {
          Ethernet: { MacAddress: spec.mac, Speed: '1000full' },
          IPv4: { Address: spec.address, SubnetMask: '255.255.255.0' },
        },
      ],
      NetworkServices: { NTP: { Status: 'Synced' }, UPnP: { Status: 'Stopped' } },
      Provisioning: { Status: 'Idle' },
      SystemUnit: {
        BroadcastName: spec.systemName,
        Hardware: { Module: { CompatibilityLevel: '0', SerialNumber: spec.serial } },
        ProductId: spec.model,
        ProductPlatform: platform,
        ProductType: 'Cisco Codec',
        Software: { DisplayName: displayName(version), Name: 's53200', Version: spec.software },
        State: { NumberOfActiveCalls: activeCalls, NumberOfInProgressCalls: 0, NumberOfSuspendedCalls: 0 },
        Uptime: Math.floor((Date.now() - codec.startedAt) / 1000),
      },
      Time: { SystemTime: new Date().toISOString().replace(/\.\d+/, '') },
      UserInterface: { ContactInfo: { Name: settings.get('SystemUnit Name') || spec.systemName } },
      Webex: { Status: 'Disabled' },
    }),
  );
  if (roles.includes('Admin')) return root;
  const user = roles.includes('User');
  const integrator = roles.includes('Integrator');
  return prune(root, (path) => user || (integrator && !NOT_FOR_INTEGRATOR.test(path)));
}
