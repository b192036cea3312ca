/**
 * A codec that lives in this process and answers at once: the product's own Cisco driver over it costs what the engine
 * and the driver's thinking cost, with no transport and no crypto of one in between.
 */
import { createHash } from 'node:crypto';
import { type CiscoFacts, readFacts } from '../../main/endpoints/cisco/facts.ts';
import { backupOf, plan, planUndo, STEP } from '../../main/endpoints/cisco/plan.ts';
import { bindSteps, Visit } from '../../main/endpoints/cisco/steps.ts';
import type { Xapi, XapiParams } from '../../main/endpoints/cisco/xapi.ts';
import type { Driver, EndpointTarget, RunnableStep } from '../../main/endpoints/driver.ts';
import { meetingControls, otjMacroPair } from '../lab/cisco/macros.ts';
import type { LabMacro } from '../lab/types.ts';

const OK = { status: 'OK' };
const SETTINGS: Record<string, string> = {
  'Macros Mode': 'On',
  'Macros AutoStart': 'On',
  'NetworkServices HTTP Mode': 'HTTPS',
  'HttpClient Mode': 'On',
  'HttpClient AllowInsecureHTTPS': 'Off',
};

/** The serial that the codec at an address has; room lists for it must say the same. */
export function serialOf(address: string): string {
  return `FOC${createHash('sha256').update(address).digest('hex').slice(0, 8).toUpperCase()}`;
}

class MemoryCodec implements Xapi {
  readonly link = { transport: 'ssh', weakness: null } as const;
  readonly serial: string;
  private macros: LabMacro[];
  private users = ['admin'];
  private bookings = { ids: ['old-1', 'old-2', 'old-3', 'old-4'], updated: '2026-01-01T08:00:00Z' };

  constructor(address: string) {
    this.serial = serialOf(address);
    this.macros = [...otjMacroPair({ tenant: 'bench', token: this.serial }), meetingControls];
  }

  async get(tree: 'Status' | 'Configuration', path: string): Promise<unknown> {
    if (tree === 'Configuration') return { Value: SETTINGS[path] };
    if (path !== 'SystemUnit') return { Value: path.includes('Mac') ? '00:50:60:00:00:01' : `Room ${this.serial}` };
    return {
      Hardware: { Module: { SerialNumber: { Value: this.serial } } },
      ProductId: { Value: 'Cisco Room Kit Pro' },
      Software: { Version: { Value: 'ce11.27.2.0.0123456789a' } },
      State: { NumberOfActiveCalls: { Value: '0' } },
    };
  }

  async set(path: string): Promise<void> {
    throw new Error(`the codec in memory sets nothing: ${path}`);
  }

  async close(): Promise<void> {}

  async command(path: string, params: XapiParams = {}): Promise<Record<string, unknown>> {
    const name = String(params.Name ?? params.Username ?? '');
    switch (path) {
      case 'Macros Macro Get':
        return {
          ...OK,
          Macro: this.macros.map(({ name, content, active }) => ({
            Name: { Value: name },
            Content: { Value: content },
            Active: { Value: active ? 'True' : 'False' },
          })),
        };
      case 'UserManagement User List':
        return {
          ...OK,
          User: this.users.map((Username) => ({
            Username: { Value: Username },
            Active: { Value: 'True' },
            Roles: [{ Role: { Value: 'Admin' } }],
          })),
        };
      case 'UserInterface Extensions List':
        return { ...OK, Extensions: { Panel: [{ PanelId: { Value: 'lights' } }] } };
      case 'Bookings List':
        return {
          ...OK,
          Booking: this.bookings.ids.map((Id) => ({ Id: { Value: Id } })),
          LastUpdated: { Value: this.bookings.updated },
        };
      case 'UserManagement User Add':
        this.users.push(name);
        return OK;
      case 'Macros Macro Remove':
        this.macros = this.macros.filter((macro) => macro.name !== name);
        return OK;
      case 'Macros Runtime Restart':
        // Infinity is as quick as everything else here.
        this.bookings = { ids: ['inf-1', 'inf-2', 'inf-3', 'inf-4'], updated: '2026-01-01T09:00:00Z' };
        return OK;
    }
    throw new Error(`the codec in memory does not know: ${path}`);
  }
}

export const memoryDriver: Driver<CiscoFacts> = {
  family: 'cisco-roomos',
  needsEntryFirst: false,
  plan,
  planUndo,
  manualSteps: () => [],
  async connect(target) {
    const codec = new MemoryCodec(target.address);
    // A real link pins the keys it is shown, which is a write to the site file.
    target.trust.check('ssh', createHash('sha256').update(codec.serial).digest('hex'));
    return {
      link: codec.link,
      readFacts: () => readFacts(codec),
      backupOf,
      bind: (steps, facts, wish, support) =>
        bindSteps(new Visit(codec, target, facts, wish, support), steps).map((step) =>
          step.plan.id === STEP.account ? withoutHttps(step, codec, target) : step,
        ),
      close: async () => undefined,
    };
  },
};

/** The account step signs in over HTTPS, which is transport: the pin and the reading of users are what stays of it. */
function withoutHttps(step: RunnableStep, codec: MemoryCodec, { trust }: EndpointTarget): RunnableStep {
  return {
    ...step,
    async inspect() {
      const users = await codec.command('UserManagement User List');
      if (!Array.isArray(users.User) || users.User.length < 2) return { holds: false, words: 'no user otj-push' };
      trust.check('tls', createHash('sha256').update(`tls ${codec.serial}`).digest('hex'));
      return { holds: true, words: 'user otj-push: Admin, active; BookingsListResult status OK' };
    },
  };
}
