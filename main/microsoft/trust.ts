/** How this computer speaks to Microsoft 365: which authorities it trusts, and through which proxy. Verification is never off. */
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** Services on this computer are not behind a proxy. */
const NEAR = 'localhost,127.0.0.1,::1';

let known: string[] | null = null;
/** What is trusted, by what a person added; reading hundreds of certificates takes longer than a request. */
const contexts = new Map<string | null, SecureContext>();

/** The authorities of this program, those of the operating system, and those that a person added. */
function trustedWith(ca: string | null): SecureContext {
  const made = contexts.get(ca);
  if (made) return made;
  known ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  const context = createSecureContext({ ca: ca === null ? known : [...known, ca] });
  contexts.set(ca, context);
  return context;
}

export interface Way {
  readonly dispatcher: Dispatcher;
  close(): Promise<void>;
}

/**
 * Goes through the proxy that HTTPS_PROXY and NO_PROXY name, as other programs do.
 * @param ca certificates in PEM that are trusted besides the system's, such as that of a proxy that opens TLS
 * @param connections to one host at the most; null = as many as are asked for at once. One is free only a moment after its answer,
 * and where another may be opened, who asks in that moment waits for its handshake
 */
export function openWay(ca: string | null, timeoutMs: number, connections: number | null = null): Way {
  const trusted = { secureContext: trustedWith(ca) };
  const { NO_PROXY, no_proxy } = process.env;
  const dispatcher = new EnvHttpProxyAgent({
    connect: { ...trusted, timeout: timeoutMs },
    requestTls: trusted,
    proxyTls: trusted,
    noProxy: [no_proxy ?? NO_PROXY, NEAR].filter(Boolean).join(','),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connections,
  });
  return { dispatcher, close: () => dispatcher.destroy() };
}
