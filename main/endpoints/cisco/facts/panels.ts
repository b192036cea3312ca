/** Custom panels and buttons of a codec. */
import { createHash } from 'node:crypto';
import { asList, isRecord, sole, textAt, type Xapi } from '../xapi.ts';
import { layoutsIn } from './layouts.ts';
import { permitted } from './reads.ts';

export interface Panel {
  id: string;
  /** Of all that the codec's list tells of it. */
  sha256: string;
  /** Hash of its pages and widgets; null where the codec does not export them in a way that is known. */
  layout: string | null;
}

export interface PanelExport {
  /** The whole answer as JSON, for the backup; null when the codec exports nothing. */
  answer: string | null;
  layouts: ReadonlyMap<string, string>;
}

export interface Panels {
  list: Panel[];
  /** The codec's whole answer, as JSON: kept in the backup where it exports nothing. */
  answer: string;
}

/** All panels with their layouts, as the codec writes them out. */
export async function exportPanels(xapi: Xapi): Promise<PanelExport> {
  const result = await permitted(xapi.command('UserInterface Extensions Export'));
  const { status: _ok, ...told } = result ?? {};
  return { answer: Object.keys(told).length > 0 ? JSON.stringify(told) : null, layouts: layoutsIn(told) };
}

export function withLayouts(panels: Panels | null, { layouts }: PanelExport): Panel[] {
  return (panels?.list ?? []).map((panel) => ({ ...panel, layout: layouts.get(panel.id) ?? null }));
}

export async function readPanels(xapi: Xapi): Promise<Panels> {
  const result = await xapi.command('UserInterface Extensions List');
  const told = sole(result.Extensions);
  const extensions = isRecord(told) ? told : {};
  return {
    list: asList(extensions.Panel).map((panel) => {
      // The number within the list moves when another panel comes or goes.
      const { id: _number, ...told } = isRecord(panel) ? panel : {};
      return {
        id: textAt(panel, 'PanelId') ?? '',
        sha256: createHash('sha256').update(JSON.stringify(told)).digest('hex'),
        layout: null,
      };
    }),
    answer: JSON.stringify(extensions),
  };
}
