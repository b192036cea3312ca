/** The HTTPS link to a Poly device, whichever REST API it has. */
import type { EndpointTarget } from '../driver.ts';
import { type HttpLink, openHttp } from '../transports/http.ts';
import type { LinkTap } from '../transports/tap.ts';

/** Pinned, one connection, on which two questions that only read may be under way. Nothing is sent yet. @param maxBytes of a reply. @param tap listens in on the connection */
export function openLink(target: EndpointTarget, maxBytes: number, tap: LinkTap | undefined): HttpLink {
  const { address, httpsPort: port, timeoutMs, trust, legacy } = target;
  const link = openHttp({
    address,
    port,
    timeoutMs,
    tls: { pin: trust },
    legacy,
    connections: 1,
    pipelining: 2,
    maxBytes,
  });
  return tap?.http(link) ?? link;
}
