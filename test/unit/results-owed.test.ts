/** What is noted as owed to the team's list, by the site file itself. */
import { expect, it } from 'vitest';
import { addRoom, tempSite } from '../support/siteFile.ts';

it('is a device that is new or another, and not one that is found as it was', async () => {
  const site = await tempSite();
  const { room, endpoint } = addRoom(site);
  site.keep('results', {});
  const owed = () => {
    const rooms = site.results.owed();
    for (const one of rooms) site.results.settle(one);
    return rooms.map(({ roomId }) => roomId);
  };
  const see = (software: string) =>
    site.db.run("UPDATE endpoint SET model = 'Room Kit', serial = 'FOC1', software = $software WHERE id = $id", {
      id: endpoint.id,
      software,
    });
  see('11.27');
  expect(owed()).toEqual([room.id]);
  see('11.27');
  expect(owed()).toEqual([]);
  see('11.28');
  expect(owed()).toEqual([room.id]);
  const columns = site.db
    .all('PRAGMA table_info(endpoint)')
    .map(({ name }) => String(name))
    .filter((name) => name !== 'id');
  site.db.run('CREATE TEMP TABLE former AS SELECT * FROM endpoint');
  site.db.run('DELETE FROM endpoint');
  expect(owed()).toEqual([]);
  site.db.run(`INSERT INTO endpoint (${columns.join(', ')}) SELECT ${columns.join(', ')} FROM former`);
  expect(owed()).toEqual([room.id]);
});
