/**
 * The measured process: one check, with Graph's address and a token on descriptor 3, in a thread like the one that the app has its
 * services in. Says one JSON line. With a number of batches as second argument it is a bare client in place of the check: so many full
 * batches, four at once, answers not looked at.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { Agent } from 'undici';
import { SERVICES_LIMITS } from '../../../main/hosts/backend.ts';
import { openGraph } from '../../../main/microsoft/graph/graph.ts';
import { judge, judgeGroup } from '../../../main/microsoft/mailboxes/judge.ts';
import { readTenant } from '../../../main/microsoft/mailboxes/read.ts';
import { benchRooms, GROUP, SAID } from './rooms.ts';
import type { TenantReady } from './tenant.ts';

const rooms = benchRooms(Number(process.argv[2]));
const batches = Number(process.argv[3] ?? 0);
if (isMainThread) await inside();
else if (batches > 0) await bare(workerData as TenantReady);
else await work(workerData as TenantReady);

async function inside(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), {
    argv: process.argv.slice(2),
    execArgv: [],
    workerData: JSON.parse(readFileSync(3, 'utf8')) as TenantReady,
    resourceLimits: SERVICES_LIMITS,
  });
  const [code] = (await once(worker, 'exit')) as [number];
  process.exitCode = code;
}

async function bare({ url, certificate, token }: TenantReady): Promise<void> {
  const agent = new Agent({ connections: 4, pipelining: 1, connect: { ca: certificate } });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const day = 'startDateTime=2026-01-01T00:00:00.000Z&endDateTime=2026-01-08T00:00:00.000Z';
  const began = performance.now();
  let left = batches;
  const lane = async () => {
    while (left-- > 0) {
      const path = (part: number) =>
        `/users/${rooms[(left * 20 + part) % rooms.length]?.mailbox}/calendarView?${day}&$top=1`;
      const requests = Array.from({ length: 20 }, (_, part) => ({ id: `${part}`, method: 'GET', url: path(part) }));
      const body = JSON.stringify({ requests });
      const reply = await agent.request({
        origin: new URL(url).origin,
        path: '/v1.0/$batch',
        method: 'POST',
        headers,
        body,
      });
      await reply.body.dump();
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
  const ms = performance.now() - began;
  await agent.close();
  process.stdout.write(`${JSON.stringify({ ms, peakMb: 0, told: {} })}\n`);
}

async function work({ url, certificate, token }: TenantReady): Promise<void> {
  const graph = openGraph({ baseUrl: url, ca: certificate }, { token: () => Promise.resolve(token) });
  const { signal } = new AbortController();
  const began = performance.now();
  const facts = await readTenant(graph, { mailboxes: rooms.map(({ mailbox }) => mailbox), group: GROUP, signal });
  const group = judgeGroup(facts.group, GROUP);
  const told: Record<string, number> = { wrong: 0 };
  for (const [at, { mailbox, kind }] of rooms.entries()) {
    const one = facts.mailboxes[at];
    const findings = one ? judge(one, { mailbox, scope: 'policy', group, access: null }) : [];
    const [check, said] = SAID[kind];
    const finding = findings.find((found) => found.check === check);
    const word = `${finding?.status} ${finding?.reason}`;
    told[word] = (told[word] ?? 0) + 1;
    if (word !== said) told.wrong = (told.wrong ?? 0) + 1;
  }
  const ms = performance.now() - began;
  await graph.close();
  process.stdout.write(`${JSON.stringify({ ms, peakMb: process.resourceUsage().maxRSS / 1024, told })}\n`);
}
