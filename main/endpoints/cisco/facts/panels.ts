/** Custom panels and buttons of a codec. */
import { createHash } from 'node:crypto';
import { asList, isRecord, textAt, type Xapi } from '../xapi.ts';
import { permitted } from './reads.ts';

export interface Panel {
  id: string;
  /** Of all that the codec's list tells of it. */
  sha256: string;
}

export interface Panels {
  list: Panel[];
  /** The codec's whole answer, as JSON: kept in the backup where it exports nothing. */
  answer: string;
}

/**
 * All panels with their layouts, as the codec writes them out: the answer as JSON, whose shape is not known; null when
 * it does not. It is kept, not compared: nobody says that two of the same are alike.
 */
export async function exportPanels(xapi: Xapi): Promise<string | null> {
  const result = await permitted(xapi.command('UserInterface Extensions Export'));
  if (!result) return null;
  const { status: _ok, ...told } = result;
  return Object.keys(told).length > 0 ? JSON.stringify(told) : null;
}

export async function readPanels(xapi: Xapi): Promise<Panels> {
  const result = await xapi.command('UserInterface Extensions List');
  const extensions = isRecord(result.Extensions) ? result.Extensions : {};
  return {
    list: asList(extensions.Panel).map((panel) => {
      // The number within the list moves when another panel comes or goes.
      const { id: _number, ...told } = isRecord(panel) ? panel : {};
      return {
        id: textAt(panel, 'PanelId') ?? '',
        sha256: createHash('sha256').update(JSON.stringify(told)).digest('hex'),
      };
    }),
    answer: JSON.stringify(extensions),
  };
}
