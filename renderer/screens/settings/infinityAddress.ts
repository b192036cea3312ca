/** The address of a Management Node as people type or paste it, and fingerprints as they are read out. Pure. */

export interface Place {
  address: string;
  port: number | null;
}

/**
 * `https://manager.example:8443/admin/` is understood as well as `manager.example`.
 * @returns null for what is no name or address; port null when none was given
 */
export function placeOf(typed: string): Place | null {
  const [, host = '', port] =
    /^(?:https?:\/\/)?(\[[0-9a-f:.]+\]|[^\s:/[\]]+|[0-9a-f]*:[0-9a-f:.]+)(?::(\d{1,5}))?(?:\/\S*)?$/i.exec(
      typed.trim(),
    ) ?? [];
  const address = host.replace(/^\[|\]$/g, '');
  if (address === '' || address.length > 253 || !/^[\p{L}\p{N}._:-]+$/u.test(address)) return null;
  return { address, port: port === undefined ? null : Number(port) };
}

/** `10.0.0.1:443`, `[fe80::1]:443` */
export function shownPlace({ address, port }: { address: string; port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

export type Comparison = 'empty' | 'odd' | 'same' | 'different';

export function hexOf(typed: string): string {
  // Whoever copies it from a browser gets its name as well.
  return typed
    .replace(/sha-?256/gi, '')
    .replace(/[\s:.-]/g, '')
    .replace(/^(fingerprint|thumbprint)/i, '')
    .toLowerCase();
}

/** @param sha256 lower-case hex */
export function compareFingerprint(typed: string, sha256: string): Comparison {
  const hex = hexOf(typed);
  if (hex === '') return 'empty';
  if (!/^[0-9a-f]{64}$/.test(hex)) return 'odd';
  return hex === sha256 ? 'same' : 'different';
}

/** Upper-case hex in pairs with colons, as browsers show it. @param sha256 lower-case hex */
export function shownFingerprint(sha256: string): string {
  return (sha256.toUpperCase().match(/../g) ?? []).join(':');
}
