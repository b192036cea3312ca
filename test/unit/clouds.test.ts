/** Where msal goes in each of Microsoft's clouds, by what it knows of them itself: nowhere that we would not let it. */
import { expect, it } from 'vitest';
import { publicClient } from '../../main/microsoft/identity/client.ts';
import { cloudOf } from '../../main/microsoft/identity/clouds.ts';

const OF_CLOUD = {
  worldwide: 'https://graph.microsoft.com',
  'gcc-high': 'https://graph.microsoft.us',
  dod: 'https://dod-graph.microsoft.us',
  china: 'https://microsoftgraph.chinacloudapi.cn',
} as const;

it.each(Object.keys(OF_CLOUD) as (keyof typeof OF_CLOUD)[])('%s', async (name) => {
  const cloud = cloudOf({ cloud: name, other: null, tenant: 'contoso.example' });
  expect(cloud.graph).toBe(OF_CLOUD[name]);
  const asked: string[] = [];
  const ask = (url: string) => {
    asked.push(url);
    return Promise.reject(new Error('no network in this test'));
  };
  const store = { beforeCacheAccess: async () => undefined, afterCacheAccess: async () => undefined };
  const network = { sendGetRequestAsync: ask, sendPostRequestAsync: ask };
  const client = publicClient({ connection: { clientId: crypto.randomUUID() }, cloud, network }, store);
  const scopes = ['Place.Read.All'];
  const code = { scopes, deviceCodeCallback: () => undefined };
  await expect(client.acquireTokenByDeviceCode(code)).rejects.toThrow();
  asked.push(await client.getAuthCodeUrl({ scopes, redirectUri: 'http://localhost' }));
  expect(asked).toHaveLength(2);
  for (const url of asked) {
    expect(cloud.authorityHosts).toContain(new URL(url).host);
    expect(new URL(url).pathname).toMatch(/^\/contoso\.example\/oauth2\/v2\.0\/(devicecode|authorize)$/);
  }
});
