/** The form of the access settings: texts as typed, and what is wrong with them. */
import type { AccessSettings } from '../../../main/contract/microsoft/access.ts';

type Optional = 'objectId' | 'outside' | 'oldAppId';
export type AccessForm = Omit<AccessSettings, Optional> & Record<Optional, string>;
export type Fault = 'guid' | 'mail' | 'same';

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** What is surely no address; the services judge the rest. */
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** @param cloud what the site is connected to, where nothing is set yet */
export function formOf(settings: AccessSettings | null, cloud: AccessSettings['cloud']): AccessForm {
  return {
    scope: settings?.scope ?? 'policy',
    appId: settings?.appId ?? '',
    objectId: settings?.objectId ?? '',
    group: settings?.group ?? '',
    outside: settings?.outside ?? '',
    oldAppId: settings?.oldAppId ?? '',
    cloud: settings?.cloud ?? cloud,
  };
}

export function settingsOf(form: AccessForm): AccessSettings {
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim());
  return {
    scope: form.scope,
    appId: form.appId.trim(),
    objectId: orNull(form.objectId),
    group: form.group.trim(),
    outside: orNull(form.outside),
    oldAppId: orNull(form.oldAppId),
    cloud: form.cloud,
  };
}

export function faultsOf(form: AccessForm): Partial<Record<keyof AccessForm, Fault>> {
  const { scope, appId, objectId, group, outside, oldAppId } = settingsOf(form);
  const faults: Partial<Record<keyof AccessForm, Fault>> = {};
  if (!GUID.test(appId)) faults.appId = 'guid';
  if (objectId === null ? scope === 'rbac' : !GUID.test(objectId)) faults.objectId = 'guid';
  if (!MAIL.test(group)) faults.group = 'mail';
  if (outside !== null && !MAIL.test(outside)) faults.outside = 'mail';
  if (oldAppId !== null && !GUID.test(oldAppId)) faults.oldAppId = 'guid';
  else if (oldAppId !== null && oldAppId.toLowerCase() === appId.toLowerCase()) faults.oldAppId = 'same';
  return faults;
}
