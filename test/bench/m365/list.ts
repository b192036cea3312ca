/**
 * A SharePoint list of this bench, in a process of its own so that its work is not counted as ours. Ends with its parent.
 * Arguments: milliseconds on the way; writes that are taken in one second, 0 = as many as come.
 */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { OtjError } from '../../../main/contract/errors.ts';
import { openGraph } from '../../../main/microsoft/graph/graph.ts';
import { createList } from '../../../main/microsoft/results/list.ts';
import { LabSites } from '../../lab/microsoft/graph/lists.ts';
import { startGraphLab } from '../../lab/microsoft/graph/server.ts';

export interface ListReady {
  url: string;
  certificate: string;
  token: string;
}

export interface ListCount {
  /** HTTP requests. */
  requests: number;
  refused: number;
  /** Writes that were done. */
  writes: number;
  items: number;
  /** Different room keys among the items. */
  keys: number;
}

const WARM_ITEMS = 1_000;

const [ms = '0', perSecond = '0'] = process.argv.slice(2);
const sites = new LabSites();
if (Number(perSecond) > 0) sites.writesPerSecond = Number(perSecond);
const site = sites.addSite('contoso.sharepoint.com', '/sites/otj', 'OTJ');

const { privateKey, publicKey } = await generateKeyPair('ES256');
const rules = { issuer: 'https://login.bench.example', audience: 'https://graph.bench.example' };
const token = await new SignJWT({ scp: 'Sites.ReadWrite.All Sites.Manage.All', appid: 'bench', oid: 'bench' })
  .setProtectedHeader({ alg: 'ES256', kid: 'bench' })
  .setIssuer(rules.issuer)
  .setAudience(rules.audience)
  .setExpirationTime('2h')
  .sign(privateKey);
const from = {
  ...rules,
  jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256' }] },
  address: '127.0.0.1',
  port: 0,
};
await warmUp();
const lab = await startGraphLab({ ...from, routes: sites.routes, behaviour: { latencyMs: Number(ms) } });
process.on('message', () => {
  const items = [...(site.lists[0]?.items.values() ?? [])];
  const keys = new Set(items.map(({ fields }) => fields.JobKey)).size;
  const { requests, refused } = lab.counts;
  process.send?.({ requests, refused, writes: sites.writes, items: items.length, keys } satisfies ListCount);
  Object.assign(lab.counts, { requests: 0, refused: 0 });
  sites.writes = 0;
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: lab.url, certificate: lab.certificate, token } satisfies ListReady);

/**
 * SharePoint has answered others before us: what this process takes to compile its code is no part of the way to a list. Done at
 * another server, of which nothing is left.
 */
async function warmUp(): Promise<void> {
  const others = new LabSites();
  const { id: siteId } = others.addSite('other.example', '/sites/other', 'Other');
  const other = await startGraphLab({ ...from, routes: others.routes });
  const graph = openGraph({ baseUrl: other.url, ca: other.certificate }, { token: () => Promise.resolve(token) });
  const { id } = await createList(graph, siteId, 'Other');
  const path = `/sites/${siteId}/lists/${id}/items`;
  const answers = await graph.batch(
    Array.from({ length: WARM_ITEMS }, (_, at) => ({
      ...{ method: 'POST' as const, path, scopes: [] },
      body: { fields: { Title: `Item ${at}` } },
    })),
  );
  const refused = answers.filter((answer) => answer instanceof OtjError || answer.status !== 201).length;
  if (refused > 0) throw new Error(`${refused} of ${WARM_ITEMS} items of the warm-up were not made`);
  await graph.close();
  await other.stop();
}
