import { describe, expect, it } from 'vitest';
import { OtjError } from '../../main/contract/errors.ts';
import { Wire } from '../../main/endpoints/record/tap.ts';
import { walk } from '../../main/endpoints/record/walk.ts';
import type { Shell } from '../../main/endpoints/transports/ssh.ts';

const SHELL: Shell = {
  weakness: null,
  clean: (words) => words,
  write: () => undefined,
  onText: () => undefined,
  onClose: () => undefined,
  close: async () => undefined,
};

type Code = 'TIMEOUT' | 'CONNECTION_LOST' | 'UNREACHABLE';

const reading = (title: string, code?: Code) => ({
  title,
  run: async () => {
    if (code) throw new OtjError(code);
  },
});

async function outcomes(isShell: boolean, ...codes: Code[]): Promise<string[]> {
  const wire = new Wire();
  if (isShell) wire.shell(SHELL, 'ssh');
  const { signal } = new AbortController();
  const told = await walk([...codes.map((code, at) => reading(String(at), code)), reading('last')], wire, {
    signal,
    told: () => undefined,
  });
  return told.map(({ outcome }) => outcome);
}

describe('after a reading that failed', () => {
  it('goes on behind a slow reply over HTTPS, and not in a shell, where it may still come', async () => {
    expect(await outcomes(false, 'TIMEOUT')).toEqual(['TIMEOUT', 'ok']);
    expect(await outcomes(true, 'TIMEOUT')).toEqual(['TIMEOUT']);
  });

  it('ends where the connection is gone', async () => {
    expect(await outcomes(false, 'CONNECTION_LOST')).toEqual(['CONNECTION_LOST']);
    expect(await outcomes(false, 'UNREACHABLE')).toEqual(['UNREACHABLE']);
    expect(await outcomes(false, 'TIMEOUT', 'TIMEOUT')).toEqual(['TIMEOUT', 'TIMEOUT']);
  });
});
