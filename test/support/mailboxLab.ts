/** A tenant behind the lab's Graph for each test that starts one, and what a check says of its mailboxes. */
import { afterEach, beforeAll, beforeEach } from 'vitest';
import type { AccessScope } from '../../main/contract/microsoft/access.ts';
import { type Graph, openGraph } from '../../main/microsoft/graph/graph.ts';
import type { TenantFacts } from '../../main/microsoft/mailboxes/facts.ts';
import { judge, judgeGroup, worstOf } from '../../main/microsoft/mailboxes/judge.ts';
import { readTenant } from '../../main/microsoft/mailboxes/read.ts';
import { directoryRoutes } from '../lab/microsoft/graph/directory.ts';
import { mailboxRoutes } from '../lab/microsoft/graph/mailboxes.ts';
import { type GraphLab, startGraphLab } from '../lab/microsoft/graph/server.ts';
import type { Tenant } from '../lab/microsoft/graph/tenant.ts';
import { type TestTokens, testTokens } from './graphTokens.ts';
import { GROUP } from './mailboxTenant.ts';

export interface MailboxLab {
  /** Of the test that runs. */
  readonly tokens: TestTokens;
  readonly lab: GraphLab;
  readonly graph: Graph;
  /** Ends with the test. */
  start(tenant: Tenant): Promise<void>;
  read(mailboxes: string[], group?: string | null): Promise<TenantFacts>;
  /** Closed at the end of the test. */
  closing(close: () => Promise<void>): void;
}

export function mailboxLab(): MailboxLab {
  let tokens: TestTokens;
  let lab: GraphLab;
  let graph: Graph;
  const open: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    tokens = await testTokens();
  });
  beforeEach(() => {
    tokens.granted = null;
  });
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
  return {
    get tokens() {
      return tokens;
    },
    get lab() {
      return lab;
    },
    get graph() {
      return graph;
    },
    closing: (close) => void open.push(close),
    async start(tenant) {
      const routes = [...directoryRoutes(tenant), ...mailboxRoutes(tenant)];
      lab = await startGraphLab({ ...tokens.rules, address: '127.0.0.1', port: 0, routes });
      graph = openGraph({ baseUrl: lab.url, ca: lab.certificate }, tokens, { retryMs: 5 });
      open.push(
        () => lab.stop(),
        () => graph.close(),
      );
    },
    read: (mailboxes, group = GROUP) => readTenant(graph, { mailboxes, group, signal: new AbortController().signal }),
  };
}

export const at = (name: string) => `${name}@contoso.example`;

/** What is said of one mailbox, by check: status and reason, and the words where there are some. */
export function judged(facts: TenantFacts, mailboxes: string[], mailbox: string, scope: AccessScope = 'policy') {
  const told = facts.mailboxes[mailboxes.indexOf(mailbox)];
  if (!told) throw new Error(`${mailbox} was not asked for`);
  const group = judgeGroup(facts.group, GROUP);
  const findings = judge(told, { mailbox, scope, group, access: null });
  return {
    worst: worstOf(findings),
    ...Object.fromEntries(findings.map(({ check, status, reason }) => [check, `${status} ${reason}`])),
    words: Object.fromEntries(findings.flatMap(({ check, words }) => (words ? [[check, words]] : []))),
  };
}
