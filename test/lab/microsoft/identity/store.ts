/** What the provider remembers, in memory, each lab for itself; and the one registration of the app, as Entra has it. */
import { X509Certificate } from 'node:crypto';
import Provider, { type Adapter, type AdapterPayload } from 'oidc-provider';

export interface Registration {
  clientId: string;
  /** In PEM; tokens for the app itself are given only for one. */
  certificate: string | null;
}

/**
 * One registration in Entra signs persons in without a secret and the app itself with its certificate; the provider knows such
 * things as two kinds of client. Which one is meant shows in the request.
 */
function clientOf({ clientId, certificate }: Registration): AdapterPayload {
  if (Provider.ctx?.oidc?.body?.client_assertion === undefined)
    return {
      client_id: clientId,
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code'],
      redirect_uris: ['http://localhost'],
    };
  const keys = certificate ? [new X509Certificate(certificate).publicKey.export({ format: 'jwk' })] : [];
  return {
    client_id: clientId,
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    jwks: { keys },
  };
}

export class Store implements Adapter {
  private readonly model: string;
  private readonly all: Map<string, AdapterPayload>;
  private readonly registration: Registration;

  /** @param all shared by the models of one provider */
  constructor(model: string, all: Map<string, AdapterPayload>, registration: Registration) {
    this.model = model;
    this.all = all;
    this.registration = registration;
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    // Entra takes an assertion again as long as it is good: its own library sends the same one for ten minutes.
    if (this.model === 'ReplayDetection') return undefined;
    if (this.model !== 'Client') return this.all.get(this.key(id));
    return id === this.registration.clientId ? clientOf(this.registration) : undefined;
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.all.set(this.key(id), payload);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.where((payload) => payload.uid === uid);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.where((payload) => payload.userCode === userCode);
  }

  async consume(id: string): Promise<void> {
    const payload = this.all.get(this.key(id));
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.all.delete(this.key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, payload] of this.all) if (payload.grantId === grantId) this.all.delete(key);
  }

  private where(fits: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const [key, payload] of this.all) if (key.startsWith(`${this.model}:`) && fits(payload)) return payload;
    return undefined;
  }

  private key(id: string): string {
    return `${this.model}:${id}`;
  }
}
