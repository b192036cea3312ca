/** How somebody looks at the rooms. It outlives the screen: whoever comes back finds the table as it was left. */
import { create } from 'zustand';
import { type Filters, type Grouping, NO_FILTERS } from './arrange.ts';
import { LIST_ORDER, type Sort } from './order.ts';

interface View {
  query: string;
  filters: Filters;
  grouping: Grouping;
  sort: Sort;
  /** Keys of groups whose rooms are folded away. */
  closed: ReadonlySet<string>;
  shape: 'list' | 'map';
  /** Key of the line that has the keyboard; null = the first. */
  active: string | null;
  /** The room with the keyboard is shown beside the table where there is space. */
  details: boolean;
}

const FRESH: View = {
  query: '',
  filters: NO_FILTERS,
  grouping: 'none',
  sort: LIST_ORDER,
  closed: new Set(),
  shape: 'list',
  active: null,
  details: true,
};

interface ViewStore extends View {
  /** The site file that this is the view of. */
  of: string | null;
}

export const useView = create<ViewStore>()(() => ({ ...FRESH, of: null }));

export function look(change: Partial<View>): void {
  useView.setState(change);
}

export function filterBy(change: Partial<Filters>): void {
  useView.setState(({ filters }) => ({ filters: { ...filters, ...change } }));
}

/** Search and filters hide nothing any more. */
export function showAll(): void {
  useView.setState({ query: '', filters: NO_FILTERS });
}

/** Another site has other floors and other rooms: its view begins anew. */
export function lookAt(site: string): void {
  if (useView.getState().of !== site) useView.setState({ ...FRESH, of: site });
}
