/**
 * A codec that lives in this process and answers at once: the product's own Cisco driver over it costs what the engine
 * and the driver's thinking cost, with no transport and no crypto of one in between.
 */
import { createHash } from 'node:crypto';
import { type CiscoFacts, readFacts } from '../../main/endpoints/cisco/facts.ts';
import { backupOf } from '../../main/endpoints/cisco/plan/backup.ts';
import { STEP } from '../../main/endpoints/cisco/plan/ids.ts';
import { planUndo } from '../../main/endpoints/cisco/plan/undo.ts';
import { manualSteps, plan } from '../../main/endpoints/cisco/plan.ts';
import { Visit } from '../../main/endpoints/cisco/steps/visit.ts';
import { bindSteps } from '../../main/endpoints/cisco/steps.ts';
import type { Xapi, XapiParams } from '../../main/endpoints/cisco/xapi.ts';
import type { Driver, EndpointTarget, RunnableStep } from '../../main/endpoints/driver.ts';
import { meetingControls, otjMacroPair } from '../lab/cisco/macros.ts';
import type { LabMacro } from '../lab/types.ts';

const OK = { status: 'OK' };
const value = (Value: string) => ({ Value });
const CONFIGURATION: Record<string, unknown> = {
  Macros: { Mode: value('On'), AutoStart: value('On'), EvaluateTranspiled: value('True') },
  NetworkServices: {
    HTTP: { Mode: value('HTTPS') },
    HTTPS: { Server: { MinimumTLSVersion: value('TLSv1.2') }, VerifyClientCertificate: value('Off') },
    SSH: { Mode: value('On') },
  },
  HttpClient: { Mode: value('On'), AllowHTTP: value('True'), AllowInsecureHTTPS: value('False') },
  Provisioning: { Mode: value('Auto') },
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
    if (tree === 'Configuration') return CONFIGURATION[path];
    switch (path) {
      case 'SystemUnit':
        return {
          Hardware: { Module: { SerialNumber: value(this.serial) } },
          ProductId: value('Cisco Room Kit Pro'),
          Software: { Version: value('ce11.27.2.0.0123456789a') },
          State: { NumberOfActiveCalls: value('0') },
          Uptime: value('86400'),
        };
      case 'Network 1 Ethernet MacAddress':
        return value('00:50:60:00:00:01');
      case 'UserInterface ContactInfo Name':
        return value(`Room ${this.serial}`);
      case 'Time SystemTime':
        return value(new Date().toISOString());
      case 'NetworkServices NTP':
        return { Status: value('Synced') };
      case 'Provisioning':
        return { Status: value('Idle') };
      case 'Webex':
        return { Status: value('Disabled') };
    }
    return undefined;
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
      case 'HttpClient Allow Hostname List':
        return OK;
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
        return OK;
      case 'Bookings Clear':
        // Infinity is as quick as everything else here.
        this.bookings = { ids: ['inf-1', 'inf-2', 'inf-3', 'inf-4'], updated: '2026-01-01T09:00:00Z' };
        return OK;
      case 'UserInterface Extensions Export':
        return OK;
      case 'Macros Runtime Status':
        return { ...OK, Running: { Value: 'True' } };
    }
    throw new Error(`the codec in memory does not know: ${path}`);
  }
}

export const memoryDriver: Driver<CiscoFacts> = {
  family: 'cisco-roomos',
  gate: () => null,
  needsEntryFirst: false,
  plan,
  planUndo,
  manualSteps,
  async connect(target) {
    const codec = new MemoryCodec(target.address);
    // A real link pins the keys it is shown, which is a write to the site file.
    target.trust.check('ssh', createHash('sha256').update(codec.serial).digest('hex'));
    return {
      link: codec.link,
      readFacts: () => readFacts(codec),
      backupOf,
      bind: (steps, facts, wish, support) =>
        bindSteps(new Visit({ xapi: codec, target }, facts, wish, support, steps)).map((step) =>
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
