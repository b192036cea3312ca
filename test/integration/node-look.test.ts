/** What is told of the certificate of a Conferencing Node. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { generate } from 'selfsigned';
import { expect, it, onTestFinished } from 'vitest';
import { lookAtNode } from '../../main/services/readiness/nodeLook.ts';

it('counts only the certificates that the node sends, and tells its names', async () => {
  const authority = await generate([{ name: 'commonName', value: 'Authority' }], {
    extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
  });
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'conf-1' }], {
    ca: { key: authority.private, cert: authority.cert },
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const look = async (sent: string) => {
    const server = createServer({ key, cert: sent }, (socket) => socket.on('error', () => undefined));
    onTestFinished(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const node = { fqdn: 'localhost', address: '127.0.0.1', ca: authority.cert };
    return (await lookAtNode(node, port, new AbortController().signal)).certificate;
  };
  // the authority is known here, and is no part of what a device gets to see
  expect(await look(cert)).toMatchObject({ chain: 1, trusted: true, namesIt: true, names: 'DNS:localhost' });
  expect(await look(`${cert}\n${authority.cert}`)).toMatchObject({ chain: 2, trusted: true });
});
