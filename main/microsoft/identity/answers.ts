/** Whether the identity service can be reached. Says nothing about anybody. */
import { request } from 'undici';
import type { Connection } from '../../contract/microsoft/connection.ts';
import { openWay } from '../trust.ts';
import { cloudOf } from './clouds.ts';

/** A lamp need not wait longer, milliseconds. */
const SOON_MS = 8_000;

/** Any answer over a trusted connection counts, a refusal too: it is there. */
export async function answers(connection: Connection): Promise<boolean> {
  const way = openWay(connection.ca, SOON_MS);
  try {
    const { authority } = cloudOf(connection);
    const { body, statusCode } = await request(`${authority}/v2.0/.well-known/openid-configuration`, {
      dispatcher: way.dispatcher,
      signal: AbortSignal.timeout(SOON_MS),
    });
    await body.dump();
    return statusCode < 500;
  } catch {
    return false;
  } finally {
    await way.close();
  }
}
