/** The status tree, built when it is read; paths and roles after the public xAPI schemas of https://roomos.cisco.com. */
import type { Codec } from './model.ts';
import type { Role } from './settings-table.ts';
import { type Element, element, fromShape, prune, type Shape } from './tree.ts';
import { atLeast, displayName } from './version.ts';

/** Everything is for Admin and User; these are for others too. */
const FOR_INTEGRATOR =
  /^(Network Ethernet Speed|SystemUnit (Product\w+|Uptime|Hardware Module SerialNumber|Software (DisplayName|Name)|State NumberOf(Active|InProgress)Calls)|Time SystemTime)$/;
const FOR_ROOM_CONTROL = /^SystemUnit State NumberOf(Active|InProgress)Calls$/;

const BRANCHES: readonly [name: string, shape: (codec: Codec) => Shape | undefined][] = [
  ['Network', network],
  ['NetworkServices', (codec) => ({ NTP: ntp(codec), UPnP: { Status: 'Stopped' } })],
  ['Provisioning', provisioning],
  ['SystemUnit', systemUnit],
  ['Time', (codec) => ({ SystemTime: codec.now().toISOString().replace(/\.\d+/, '') })],
  [
    'UserInterface',
    ({ settings, spec }) => ({ ContactInfo: { Name: settings.get('SystemUnit Name') || spec.systemName } }),
  ],
  // The cloud came to codecs with CE 9 [assumed].
  ['Webex', (codec) => (atLeast(codec.version, 9, 0) ? webex(codec) : undefined)],
];

/** @param only the branch that is asked for, in any case; without it all are built */
export function statusTree(codec: Codec, roles: readonly Role[], only?: string): Element {
  const wanted = only?.toLowerCase();
  const root = element(
    'Status',
    BRANCHES.flatMap(([name, shape]) => {
      const branch = wanted === undefined || wanted === name.toLowerCase() ? shape(codec) : undefined;
      return branch === undefined ? [] : fromShape({ [name]: branch });
    }),
  );
  if (roles.includes('Admin') || roles.includes('User')) return root;
  const integrator = roles.includes('Integrator');
  const control = roles.includes('RoomControl');
  return prune(root, (path) => (integrator && FOR_INTEGRATOR.test(path)) || (control && FOR_ROOM_CONTROL.test(path)));
}

function network({ spec }: Codec): Shape[] {
  return [
    {
      Ethernet: { MacAddress: spec.mac, Speed: '1000full' },
      IPv4: { Address: spec.address, SubnetMask: '255.255.255.0' },
    },
  ];
}

function systemUnit(codec: Codec): { [name: string]: Shape } {
  const { spec, version, faults } = codec;
  const activeCalls = faults.inCall ? 1 : 0;
  const system = faults.inCall || faults.callOnHold ? 'InCall' : 'Initialized';
  return {
    ...(atLeast(version, 10, 0) ? { BroadcastName: spec.systemName } : {}),
    Hardware: { Module: { CompatibilityLevel: '0', SerialNumber: spec.serial } },
    ProductId: spec.model,
    ProductPlatform: spec.model.replace(/^Cisco (Webex |TelePresence )?/, ''),
    ProductType: 'Cisco Codec',
    Software: { DisplayName: displayName(version), Name: 's53200', Version: spec.software },
    State: {
      NumberOfActiveCalls: activeCalls,
      NumberOfInProgressCalls: 0,
      NumberOfSuspendedCalls: faults.callOnHold ? 1 : 0,
      ...(atLeast(version, 11, 14) ? { Subsystem: { Application: 'Initialized' }, System: system } : {}),
    },
    Uptime: Math.floor((Date.now() - codec.startedAt) / 1000),
  };
}

function ntp({ spec, settings }: Codec): { [name: string]: Shape } {
  const status = spec.ntp ?? 'Synced';
  const address = settings.get('NetworkServices NTP Server 1 Address');
  return { CurrentAddress: status === 'Synced' ? address : '', Server: [{ Address: address }], Status: status };
}

function provisioning({ spec, version, settings, faults, startedAt }: Codec): { [name: string]: Shape } {
  const started = new Date(startedAt).toISOString().replace(/\.\d+/, '');
  return {
    ...(atLeast(version, 11, 14) ? { Reason: '', Server: settings.get('Provisioning ExternalManager Address') } : {}),
    Software: {
      Current: { CompletedAt: '', URL: '', VersionId: '' },
      UpgradeStatus: {
        LastChange: started,
        Message: '',
        Phase: faults.upgrading ? (faults.upgradePhase ?? 'Installing') : 'None',
        SessionId: '',
        Status: faults.upgrading ? 'InProgress' : 'None',
        URL: '',
        Urgency: 'Low',
        VersionId: '',
      },
    },
    Status: spec.manager ? (spec.manager.status ?? 'Provisioned') : 'Idle',
  };
}

function webex({ spec }: Codec): { [name: string]: Shape } {
  const { status, developerId } = spec.webex ?? { status: 'Disabled' };
  return { ...(developerId === undefined ? {} : { DeveloperId: developerId }), Status: status };
}
