/**
 * Where things live in the Management API, and the guard that keeps a single-object verb off a whole collection.
 * A DELETE on a collection's path deletes every object of that kind, a PUT replaces them all (Pexip Infinity
 * Management API guide), so the paths for one object are a type of their own.
 */
import { OtjError } from '../contract/errors.ts';

const CONFIGURATION = '/api/admin/configuration/v1/';
const STATUS = '/api/admin/status/v1/';

/** Collections that this product reads or writes. In the API, One-Touch Join is called `mjx`. */
export const RESOURCE = {
  endpoints: `${CONFIGURATION}mjx_endpoint/`,
  groups: `${CONFIGURATION}mjx_endpoint_group/`,
  profiles: `${CONFIGURATION}mjx_integration/`,
  rules: `${CONFIGURATION}mjx_meeting_processing_rule/`,
  graphDeployments: `${CONFIGURATION}mjx_graph_deployment/`,
  exchangeDeployments: `${CONFIGURATION}mjx_exchange_deployment/`,
  googleDeployments: `${CONFIGURATION}mjx_google_deployment/`,
  locations: `${CONFIGURATION}system_location/`,
  nodes: `${CONFIGURATION}worker_vm/`,
  contacts: `${STATUS}mjx_endpoint/`,
  meetings: `${STATUS}mjx_meeting/`,
  nodeStates: `${STATUS}worker_vm/`,
  alarms: `${STATUS}alarm/`,
  licences: `${STATUS}licensing/`,
  manager: `${STATUS}management_vm/`,
} as const;

export type Resource = (typeof RESOURCE)[keyof typeof RESOURCE];

/** Where a resource tells its fields (Pexip's go-infinity-sdk reads it there). */
export function schemaPath(resource: Resource): string {
  return `${resource}schema/?format=json`;
}

declare const checked: unique symbol;

/** Path of exactly one object, `…/<resource>/<digits>/`; made only by {@link objectPath}. */
export type ObjectPath = string & { readonly [checked]: true };

const ONE_OBJECT = /^\/api\/admin\/(?:configuration|status)\/v1\/[a-z_]+\/\d+\/$/;

/** Whether the path names one object and not a collection. */
export function isObjectPath(path: string): path is ObjectPath {
  return ONE_OBJECT.test(path);
}

/**
 * Checks that a path names one object.
 * @throws OtjError INTERNAL when it does not: such a path must never be written to
 */
export function objectPath(path: string): ObjectPath {
  if (!isObjectPath(path)) throw new OtjError('INTERNAL', `not the path of one Infinity object: ${path.slice(0, 200)}`);
  return path;
}

/** Whether two resource URIs, relative or absolute, name the same object. */
export function sameObject(a: string | null | undefined, b: string | null | undefined): boolean {
  const left = tail(a);
  return left !== null && left === tail(b);
}

function tail(uri: string | null | undefined): string | null {
  const [, resource, id] = /([a-z_]+)\/(\d+)\/?$/.exec(uri ?? '') ?? [];
  return resource && id ? `${resource}/${id}` : null;
}

/**
 * Id of a new object: the last part of the reply's `Location`, which may be a path or a whole URL. Null when that is no number:
 * the digits of a version, a port or an address are no id.
 */
export function idFromLocation(location: string | undefined): number | null {
  const digits = /\/(\d+)\/?(?:[?#].*)?$/.exec(location ?? '')?.[1];
  const id = Number(digits);
  return digits && Number.isSafeInteger(id) ? id : null;
}
