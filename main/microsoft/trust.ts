/** How this computer speaks to Microsoft 365: which authorities it trusts, and through which proxy. Verification is never off. */
import { getCACertificates } from 'node:tls';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** Services on this computer are not behind a proxy. */
const NEAR = 'localhost,127.0.0.1,::1';

let own: string[] | null = null;

/** Those of this program and those of the operating system; read once, because reading the system's takes a while. */
function known(): string[] {
  own ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return own;
}

export interface Way {
  readonly dispatcher: Dispatcher;
  close(): Promise<void>;
}

/**
 * Goes through the proxy that HTTPS_PROXY and NO_PROXY name, as other programs do.
 * @param ca certificates in PEM that are trusted besides the system's, such as that of a proxy that opens TLS
 */
export function openWay(ca: string | null, timeoutMs: number): Way {
  const trusted = { ca: ca === null ? known() : [...known(), ca] };
  const { NO_PROXY, no_proxy } = process.env;
  const dispatcher = new EnvHttpProxyAgent({
    connect: { ...trusted, timeout: timeoutMs },
    requestTls: trusted,
    proxyTls: trusted,
    noProxy: [no_proxy ?? NO_PROXY, NEAR].filter(Boolean).join(','),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  return { dispatcher, close: () => dispatcher.destroy() };
}
