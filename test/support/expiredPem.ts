/** A certificate of an app with its key that was good until 2021. */
import { generate } from 'selfsigned';

export async function expiredPem(): Promise<string> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'OTJ Migrator, long ago' }], {
    keySize: 2048,
    notBeforeDate: new Date('2020-01-01T00:00:00Z'),
    notAfterDate: new Date('2021-01-01T00:00:00Z'),
  });
  return `${cert}\n${key}`;
}
