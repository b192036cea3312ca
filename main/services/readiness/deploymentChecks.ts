/** The configuration around the endpoint group, judged. Pure. */
import { OtjError } from '../../contract/errors.ts';
import { type Calendar, type Deployment, uriOf } from '../../infinity/deployment.ts';
import { fold } from '../../infinity/entry.ts';
import { RESOURCE, sameObject } from '../../infinity/paths.ts';
import type { Alarm, Entry } from '../../infinity/resources.ts';
import { type CheckId, fail, pass, unchecked, unread, type Verdict, warn } from './verdict.ts';

/** Since when Infinity has One-Touch Join, and since when it reads Office 365 over Graph (Pexip's log tools). */
const FIRST_WITH_OTJ = 23;
const FIRST_WITH_GRAPH = 28;

export function versionVerdict({ version, calendar }: Deployment): Verdict {
  if (version instanceof OtjError) return unread(version);
  if (version === null) return warn('it does not tell');
  const digits = /^v?(\d{1,4})(?!\d)/i.exec(version.trim())?.[1];
  if (digits === undefined) return warn(version.slice(0, 100), 'version-odd');
  const major = Number(digits);
  const graph = !(calendar instanceof OtjError) && calendar?.kind === 'graph';
  if (graph && major < FIRST_WITH_GRAPH)
    return fail(new OtjError('INFINITY_SETUP', version), 'version-old', { count: FIRST_WITH_GRAPH });
  if (major < FIRST_WITH_OTJ)
    return fail(new OtjError('INFINITY_SETUP', version), 'version-no-otj', { count: FIRST_WITH_OTJ });
  return pass(version);
}

/** Group, its location and its profile. A group that cannot be read leaves the others unchecked. */
export function groupVerdicts(site: Deployment, groupName: string): [CheckId, Verdict][] {
  const { group, groups, profile, profiles, states, nodes } = site;
  if (groups instanceof OtjError) return [['infinity.group', unread(groups)], ...left];
  if (!group)
    return [
      ['infinity.group', fail(new OtjError('INFINITY_SETUP', `OTJ endpoint group "${groupName}" does not exist`))],
      ...left,
    ];
  const noProfile = new OtjError('INFINITY_SETUP', `endpoint group "${group.name ?? ''}" has no OTJ profile`);
  const noLocation = new OtjError('INFINITY_SETUP', `endpoint group "${group.name ?? ''}" has no system location`);
  const uri = group.system_location;
  return [
    ['infinity.group', pass(group.name ?? '')],
    [
      'infinity.profile',
      profiles instanceof OtjError ? unread(profiles) : profile ? pass(profile.name ?? '') : fail(noProfile),
    ],
    ['infinity.location', uri ? pass(locationName() ?? uri.replace(/^.*\/([a-z_]+\/\d+)\/$/, '$1')) : fail(noLocation)],
  ];

  /** The status of a node gives its location's name, which saves a request. */
  function locationName(): string | null {
    if (states instanceof OtjError || nodes instanceof OtjError) return null;
    const here = new Set(nodes.filter((node) => sameObject(node.system_location, uri)).map(({ id }) => id));
    return states.find((state) => here.has(state.configuration_id ?? -1))?.system_location || null;
  }
}

const left: [CheckId, Verdict][] = [
  ['infinity.profile', unchecked('the endpoint group is not complete')],
  ['infinity.location', unchecked('the endpoint group is not complete')],
];

/** Whether the calendars can be read is known to the nodes alone; this is what the configuration tells of it. */
export function calendarVerdict({ calendar, profile, alarms }: Deployment): Verdict {
  if (!profile) return unchecked('the endpoint group is not complete');
  if (calendar instanceof OtjError) return unread(calendar);
  if (!calendar?.deployment) {
    const none = new OtjError('INFINITY_SETUP', `profile "${profile.name ?? ''}" has no calendar integration`);
    return fail(none);
  }
  const { kind, deployment } = calendar;
  const at = `infinity.calendar.${kind}`;
  const name = deployment.name ?? '';
  const raised = alarms instanceof OtjError ? [] : alarms.filter((alarm) => mentions(alarm, name));
  if (raised.length > 0) return warn(alarmWords(raised), 'calendar-alarm', { count: raised.length, at });
  const trouble = troubleOf(calendar);
  if (trouble) return warn(trouble.evidence, trouble.reason, { at });
  return pass(name, `calendar-${kind}`, { at });
}

const TOKEN_URL =
  /^https:\/\/login\.(?:microsoftonline\.(?:com|us)|partner\.microsoftonline\.cn)\/[^/]+\/oauth2\/v2\.0\/token\/?$/;

function troubleOf({ kind, deployment }: Calendar) {
  if (!deployment) return null;
  const { oauth_token_url, authentication_method, use_user_consent, signedIn, name } = deployment;
  if (kind === 'graph' && !TOKEN_URL.test(oauth_token_url?.trim() ?? ''))
    return { evidence: oauth_token_url ?? '', reason: 'calendar-token-url' } as const;
  const needsSignIn =
    (kind === 'exchange' && authentication_method?.toUpperCase() === 'OAUTH') ||
    (kind === 'google' && use_user_consent === true);
  return needsSignIn && signedIn === false ? ({ evidence: name ?? '', reason: 'calendar-sign-in' } as const) : null;
}

export function rulesVerdict({ rules, profile }: Deployment): Verdict {
  if (!profile) return unchecked('the endpoint group is not complete');
  if (rules instanceof OtjError) return unread(rules);
  const uri = uriOf(RESOURCE.profiles, profile);
  const own = rules.filter((rule) => rule.enabled !== false && sameObject(rule.mjx_integration, uri));
  const types = [...new Set(own.flatMap(({ meeting_type }) => meeting_type ?? []))].join(', ');
  return own.length > 0
    ? { ...pass(types || (profile.name ?? '')), count: own.length }
    : { ...warn('meetings will have no Join button'), count: 0 };
}

/** @param entries of all groups, or why they could not be read */
export function accountVerdict({ profile, group }: Deployment, entries: readonly Entry[] | OtjError): Verdict {
  if (!profile || !group) return unchecked('the endpoint group is not complete');
  if (profile.ep_username) return pass(profile.ep_username, 'account-default');
  if (entries instanceof OtjError) return unread(entries);
  const uri = uriOf(RESOURCE.groups, group);
  const bare = entries.filter(
    (entry) =>
      sameObject(entry.mjx_endpoint_group, uri) &&
      (entry.endpoint_type ?? 'CISCO').toUpperCase() === 'CISCO' &&
      !entry.api_username,
  );
  const names = bare.map(({ name }) => name ?? '').slice(0, 5);
  return bare.length > 0 ? warn(names.join(', '), 'account-missing', { count: bare.length }) : pass('', 'account-own');
}

/** Alarms that nobody has acknowledged yet. */
export function alarmsVerdict({ alarms }: Deployment): Verdict {
  if (alarms instanceof OtjError) return unread(alarms);
  const raised = alarms.filter(({ acknowledged }) => acknowledged !== true);
  return raised.length === 0
    ? pass('', 'alarms-none')
    : warn(alarmWords(raised), 'alarms-some', { count: raised.length });
}

function alarmWords(alarms: readonly Alarm[]): string {
  const some = alarms.slice(0, 5).map(({ name, instance, level }) => [name, instance, level].filter(Boolean).join(' '));
  return [...some, ...(alarms.length > some.length ? ['…'] : [])].join('; ').slice(0, 500);
}

function mentions({ details, instance }: Alarm, name: string): boolean {
  return fold(name) !== '' && [details, instance].some((text) => fold(text).includes(fold(name)));
}
