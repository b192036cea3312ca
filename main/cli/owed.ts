/** What a sync of `otj` tells Microsoft 365 after Infinity: the team's list, and the tenant's places. */
import { asOtjError } from '../contract/errors.ts';
import type { PlaceOutcome } from '../contract/microsoft/places.ts';
import { owedRooms, updatePlaces } from '../services/places/update.ts';
import { resultsSettings } from '../services/results/settings.ts';
import type { Context } from './context.ts';
import { tellPlace } from './m365Places.ts';
import { publishTold } from './m365Results.ts';
import { clean } from './output.ts';

/** Neither waits for the other: what keeps the list from being told is said, and stays owed. @returns whether all is told */
export async function publishOwed(context: Context): Promise<boolean> {
  const { site, out, signal } = context;
  const list = resultsSettings(site)?.list.name;
  if (list === undefined || signal.aborted || site.results.owedCount() === 0) return true;
  try {
    out.progress(`telling ${clean(list)}`);
    const { failed, lost } = await publishTold(context, { rooms: null });
    return failed + lost === 0;
  } catch (thrown) {
    out.progress('');
    const problem = asOtjError(thrown).toProblem();
    out.problem(problem, list);
    out.emit({ type: 'list', list, problem });
    return false;
  }
}

/** Where it is switched on, the places of rooms that are migrated by now. @returns whether all is well */
export async function placeOwed({ site, out, signal }: Context): Promise<boolean> {
  const rooms = signal.aborted ? [] : owedRooms(site);
  if (rooms.length === 0) return true;
  try {
    const told = (outcome: PlaceOutcome) => tellPlace(out, outcome);
    return (await updatePlaces(site, { mode: 'write', policy: 'fill', rooms, signal, told })).failed === 0;
  } catch (thrown) {
    const problem = asOtjError(thrown).toProblem();
    out.problem(problem, 'Microsoft 365 Places');
    out.emit({ type: 'places', problem });
    return false;
  }
}
