/** The form of a set-up: what is typed, and the wish that comes of it. Pure. */
import type { SetupOffer, SetupWish } from '../../../main/contract/infinity.ts';

export type Kind = SetupOffer['calendars'][number]['kind'];

export interface SetupForm {
  group: string;
  location: string;
  profile: string;
  kind: Kind | 'none';
  calendarName: string;
  /** Values of the calendar integration by field; those of the template until somebody types. */
  fields: Record<string, string>;
  secret: string;
  rules: string[];
}

/** What the form begins with: the site's group, with what it has already. */
export function freshForm(offer: SetupOffer, group: string): SetupForm {
  const known = offer.groups.find((one) => one.name.toLowerCase() === group.toLowerCase());
  const profile = known?.profile ?? '';
  const hasCalendar = offer.profiles.some((one) => one.name === profile && one.hasCalendar);
  return {
    group,
    location: known?.location ?? offer.locations[0] ?? '',
    profile,
    kind: hasCalendar ? 'none' : 'graph',
    calendarName: '',
    fields: {},
    secret: '',
    rules: offer.rules.flatMap(({ type, chosen }) => (chosen ? [type] : [])),
  };
}

export function wishOf(form: SetupForm, offer: SetupOffer): SetupWish {
  const { group, location, profile, kind, calendarName, secret, rules } = form;
  const calendar = offer.calendars.find((one) => one.kind === kind);
  return {
    group: group.trim(),
    location,
    profile: profile.trim(),
    rules,
    calendar:
      calendar && kind !== 'none'
        ? { kind, name: calendarName.trim() || `${profile.trim()} calendars`, fields: valuesOf(form, offer), secret }
        : null,
  };
}

/** Of the chosen kind only: what was typed for another kind stays in the form and is not sent. */
export function valuesOf({ kind, fields }: SetupForm, offer: SetupOffer): Record<string, string> {
  const calendar = offer.calendars.find((one) => one.kind === kind);
  return Object.fromEntries((calendar?.fields ?? []).map(({ field, value }) => [field, fields[field] ?? value]));
}

/** Google hands out a JSON file; the key is in it. Another file is the key itself. */
export function keyIn(text: string): string {
  try {
    const json: unknown = JSON.parse(text);
    const key: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, 'private_key') : null;
    if (typeof key === 'string') return key;
  } catch {
    // no JSON: taken as it is
  }
  return text;
}
