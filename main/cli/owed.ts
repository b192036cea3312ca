/** How `otj` tells what is owed, and what a sync tells Microsoft 365: the team's list, and the tenant's places. */
import { type Debts, debtsOf } from '../services/debts.ts';
import type { WholeSync } from '../services/syncAll.ts';
import type { Site } from '../site/site.ts';
import type { Context } from './context.ts';
import { tellPlace } from './m365Places.ts';
import { publishTold } from './m365Results.ts';
import { clean, placeCount, resultCount } from './output.ts';

/** The debts to Microsoft 365 in words. @param still goes before `owed` */
export function microsoftDebts({ toList, toPlaces }: Debts, still = ''): string[] {
  return [
    ...(toList > 0 ? [`${resultCount(toList)} ${still}owed to the team’s list`] : []),
    ...(toPlaces > 0 ? [`${placeCount(toPlaces)} ${still}owed to Microsoft 365`] : []),
  ];
}

/** As the last line of `--json` has them. */
export function debtsTold(site: Site): { owed: number; owedToList: number; owedToPlaces: number } {
  const { toInfinity, toList, toPlaces } = debtsOf(site);
  return { owed: toInfinity, owedToList: toList, owedToPlaces: toPlaces };
}

/** The parts of a sync that are about Microsoft 365. */
export function tellMicrosoft(context: Context): Pick<WholeSync, 'publish' | 'placed' | 'failed'> {
  const { out } = context;
  return {
    publish(list) {
      out.progress(`telling ${clean(list)}`);
      return publishTold(context, { rooms: null });
    },
    placed: (outcome) => tellPlace(out, outcome),
    failed(part, about, problem) {
      out.progress('');
      out.problem(problem, about);
      out.emit({ type: part, ...(part === 'list' ? { list: about } : {}), problem });
    },
  };
}
