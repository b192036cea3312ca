/** What holds for a visit to every Poly device, over every way: facts, backup, apply, proof, undo, nothing left behind. */
import { expect, it } from 'vitest';
import { openPoly } from '../../../main/endpoints/poly/open.ts';
import {
  eachPoly,
  NEW,
  noSessionLeft,
  OLD,
  registered,
  settingsOf,
  startBench,
  target,
  visit,
  WISH,
} from './devices.ts';

eachPoly((subject) => {
  const { proof, spec } = subject;

  it.concurrent('is moved, proven as far as its way can, left alone the second time, and put back as it was', async (test) => {
    const bench = await startBench(test, subject);
    await registered(bench);
    const before = settingsOf(bench);

    const first = await visit(bench, subject);
    expect(first.facts.identity).toMatchObject({ serial: spec.serial, model: spec.model });
    expect(first.facts.identity.software).toMatch(/^\d+(\.\d+)+$/);
    expect(Object.values(first.facts.calendar.values).join(' ')).toContain(OLD.server);
    expect(first.outcome).toMatchObject({
      'check.fit': 'done',
      'calendar.set': 'done',
      'calendar.registered': proof === 'none' ? 'owed' : 'done',
    });
    expect(JSON.stringify(settingsOf(bench))).toContain(NEW.server);
    await registered(bench);

    const steps = Object.keys(first.outcome);
    const moved = settingsOf(bench);
    const again = await visit(bench, subject, {
      done: steps,
      beforeApply: (id) => {
        throw new Error(`${id} was done twice`);
      },
    });
    expect(again.outcome['calendar.set']).toBe('already');
    expect(settingsOf(bench)).toEqual(moved);

    // No move touches it, but somebody else may have: it is of the calendar, and was saved.
    const way = await openPoly(spec.kind, target(bench, subject), new AbortController().signal);
    const [name, value] = spec.kind === 'poly-trio' ? ['exchange.pollInterval', '60000'] : ['cal.remindertime', '15'];
    await way.writeNames([{ name, value }]).finally(() => way.close());
    expect(settingsOf(bench)).toMatchObject({ [name]: value });
    const wish = { ...WISH, oldPassword: OLD.password };
    await visit(bench, subject, { undo: first.baseline, wish });
    expect(settingsOf(bench)).toEqual(before);
    await registered(bench);
    await noSessionLeft(bench);
  }, 90_000);

  it.concurrent('says that the old password is missing, with all else back', async (test) => {
    const bench = await startBench(test, subject);
    await registered(bench);
    const { baseline } = await visit(bench, subject);
    expect(JSON.stringify(baseline)).toContain('never tells it');
    const moved = settingsOf(bench) as Record<string, string>;
    await expect(visit(bench, subject, { undo: baseline, target: { proofMs: 200 } })).rejects.toMatchObject({
      code: 'OLD_PASSWORD_NEEDED',
    });
    expect(JSON.stringify(settingsOf(bench))).toContain(OLD.server);
    expect(settingsOf(bench)).not.toEqual(moved);
    // Typed then, it is not taken for written because all else was.
    const done = ['calendar.restore', 'device.restart', 'device.restart-if-asked'];
    const wish = { ...WISH, oldPassword: OLD.password };
    const { outcome } = await visit(bench, subject, { undo: baseline, wish, done });
    expect(outcome).toMatchObject({ 'calendar.restore': 'done', 'calendar.restored': 'done' });
    await registered(bench);
    await noSessionLeft(bench);
  }, 90_000);
});
