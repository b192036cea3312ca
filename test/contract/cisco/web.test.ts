/** The troubles of a codec's web server, on each generation: what may happen to an answer on its way, and to a session. */
import { expect, it } from 'vitest';
import type { ErrorCode } from '../../../main/contract/errors.ts';
import { readFacts } from '../../../main/endpoints/cisco/facts.ts';
import { account, comparable, GUEST, Memory, snapshot, visit } from '../../integration/cisco-visit.ts';
import type { BadHttp } from '../../lab/types.ts';
import { codeOf } from '../../support/codeOf.ts';
import { eachCodec, noSessionLeft, untilMoved } from './codecs.ts';

eachCodec(
  ({ way, start, startMovable, open }) => {
    it.each<[BadHttp, ErrorCode[]]>([
      ['noise', ['ODD_REPLY']],
      ['too-long', ['CONNECTION_LOST']],
      ['too-short', ['ODD_REPLY', 'CONNECTION_LOST']],
      ['unended', ['CONNECTION_LOST']],
    ])('takes no answer that is %s for one, and changes nothing', async (badHttp, codes) => {
      const device = await startMovable();
      const before = comparable(device);
      device.setFaults({ badHttp });
      const code = await codeOf(() => visit(device, new Memory(), { target: way }));
      expect(codes).toContain(code);
      device.setFaults({});
      expect(comparable(device)).toEqual(before);
      await noSessionLeft(device);
    });

    it('is moved though its answers come slowly', async () => {
      const device = await startMovable({ faults: { badHttp: 'slow' } });
      await visit(device, new Memory(), { target: way });
      expect(account(device, 'otj-push')?.roles).toEqual(['Admin']);
    });

    it('may close a connection that it promised to keep: readings are repeated, what may have an effect is not', async () => {
      const device = await startMovable();
      device.setFaults({ badHttp: 'closed' });
      const xapi = await open(device);
      const facts = await readFacts(xapi);
      expect(facts.identity.serial).toBe(device.spec.serial);
      expect(facts.macros).toEqual(snapshot(device).macros);
      const before = comparable(device);
      expect(await codeOf(() => xapi.set('SystemUnit Name', 'Fjord 2'))).toBe('CONNECTION_LOST');
      expect(comparable(device)).toEqual(before);
      device.setFaults({});
      await xapi.close();
      await noSessionLeft(device);
    });

    it('is asked again when it is busy, and a busy one is told from a dead one', async () => {
      const device = await startMovable();
      device.setFaults({ busyRequests: 1 });
      await untilMoved(device, new Memory(), way);
      device.setFaults({ busyRequests: 1_000 });
      expect(await codeOf(() => visit(device, new Memory(), { target: way }))).toBe('RATE_LIMITED');
      device.setFaults({});
      await noSessionLeft(device);
    });

    it('goes on with readings in a new session when one was ended, and repeats nothing that may have had an effect', async () => {
      const device = await start();
      const xapi = await open(device);
      device.setFaults({ expireSessionAfter: 5 });
      expect((await readFacts(xapi)).macros).toEqual(snapshot(device).macros);
      device.setFaults({});
      await xapi.close();
      await noSessionLeft(device);
      const other = await open(device);
      device.setFaults({ expireSessionAfter: 0 });
      const guest = { Username: GUEST.username };
      expect(await codeOf(() => other.command('UserManagement User Delete', guest))).toBe('CONNECTION_LOST');
      device.setFaults({});
      expect(account(device, GUEST.username)).toBeDefined();
      await other.close();
      await noSessionLeft(device);
    });

    it('is not taken at its word when it shows its sign-in page for everything', async () => {
      const device = await start({ faults: { htmlInsteadOfApi: true } });
      expect(['ODD_REPLY', 'CONNECTION_LOST', 'LOGIN_REFUSED']).toContain(
        await codeOf(() => visit(device, new Memory(), { target: way })),
      );
      expect(account(device, 'admin')?.failedLogins).toBe(0);
    });
  },
  ['https'],
);
