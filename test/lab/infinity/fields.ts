/**
 * Resources of the management API as data: names, limits and defaults from Pexip's Go SDK and Terraform provider
 * (github.com/pexip/go-infinity-sdk, github.com/pexip/terraform-provider-pexip). Where the two disagree on a length
 * the smaller one holds here, so that what the lab accepts is valid under both.
 */
import { calendarDeployments } from './calendar-fields.ts';

export type Value = string | number | boolean | null;

export interface Field {
  type: 'string' | 'integer' | 'boolean' | 'to_one' | 'to_many';
  help: string;
  /** Longest string, or largest number. */
  max?: number;
  min?: number;
  choices?: readonly string[];
  required?: true;
  nullable?: true;
  /** Absent means: null if nullable, else the empty string. */
  default?: Value;
  /** Accepted, never returned. */
  secret?: true;
  readonly?: true;
  /** Compared without regard to case. */
  unique?: true;
  format?: 'email' | 'host' | 'uuid';
  /** The other resource of a to_one or to_many field. */
  related?: string;
  /** For to_many: the field over there which points here. */
  via?: string;
}

export interface Resource {
  name: string;
  fields: Readonly<Record<string, Field>>;
  /** Rows are made by the platform. */
  readonly?: true;
}

type Extra = Partial<Field>;
const string = (max: number, help: string, extra: Extra = {}): Field => ({ type: 'string', max, help, ...extra });
const number = (min: number, max: number, help: string, extra: Extra = {}): Field => ({
  type: 'integer',
  min,
  max,
  help,
  ...extra,
});
const boolean = (value: boolean, help: string): Field => ({ type: 'boolean', default: value, help });
const toOne = (related: string, help: string): Field => ({ type: 'to_one', related, help, nullable: true });
const mustPoint = (related: string, help: string): Field => ({ type: 'to_one', related, help, required: true });
const members = (related: string, via: string): Field => ({
  type: 'to_many',
  related,
  via,
  readonly: true,
  help: 'Members.',
});
const choice = (choices: readonly string[], help: string, extra: Extra = {}): Field => ({
  type: 'string',
  choices,
  help,
  ...extra,
});

const required = { required: true } as const;
const nullable = { nullable: true } as const;
const secret = { secret: true } as const;
const title = string(250, 'The name.', { required: true, unique: true });
const description = string(250, 'A description.');

const mjxEndpoint: Resource = {
  name: 'mjx_endpoint',
  fields: {
    name: string(100, 'The name of the endpoint.', { required: true, unique: true }),
    description,
    endpoint_type: choice(['CISCO', 'POLY', 'WEBEX'], 'The type of the endpoint.', { default: 'CISCO' }),
    room_resource_email: string(150, 'The mailbox of the room resource.', {
      required: true,
      unique: true,
      format: 'email',
    }),
    mjx_endpoint_group: toOne('mjx_endpoint_group', 'The group of the endpoint.'),
    api_address: string(100, 'The address of the endpoint API.', { nullable: true, format: 'host' }),
    api_port: number(1, 65_535, 'The port of the endpoint API.', nullable),
    api_username: string(100, 'The user name for the endpoint API.', nullable),
    api_password: string(100, 'The password for the endpoint API.', { nullable: true, secret: true }),
    use_https: choice(['GLOBAL', 'YES', 'NO'], 'Whether to use HTTPS.', { default: 'GLOBAL' }),
    verify_cert: choice(['GLOBAL', 'YES', 'NO'], 'Whether to verify the certificate.', { default: 'GLOBAL' }),
    poly_username: string(150, 'The user name the device logs in with.', { nullable: true, unique: true }),
    poly_password: string(100, 'The password the device logs in with.', { nullable: true, secret: true }),
    poly_raise_alarms_for_this_endpoint: boolean(true, 'Whether to raise an alarm.'),
    webex_device_id: string(100, 'The id of the device in Webex.', nullable),
  },
};

const mjxEndpointGroup: Resource = {
  name: 'mjx_endpoint_group',
  fields: {
    name: title,
    description,
    system_location: mustPoint('system_location', 'The location whose nodes serve the group.'),
    mjx_integration: toOne('mjx_integration', 'The OTJ profile.'),
    disable_proxy: boolean(false, 'Whether to skip the web proxy.'),
    endpoints: members('mjx_endpoint', 'mjx_endpoint_group'),
  },
};

const mjxIntegration: Resource = {
  name: 'mjx_integration',
  fields: {
    name: title,
    description,
    display_upcoming_meetings: number(0, 365, 'Days ahead.', { default: 7 }),
    start_buffer: number(0, 180, 'Minutes before the start.', { default: 5 }),
    end_buffer: number(0, 180, 'Minutes after the end.', { default: 0 }),
    enable_non_video_meetings: boolean(true, 'Show meetings without a video address.'),
    enable_private_meetings: boolean(true, 'Show private meetings.'),
    process_alias_private_meetings: boolean(true, 'Process the alias of private meetings.'),
    replace_empty_subject: boolean(true, "Use the organizer's name for an empty subject."),
    replace_subject_type: choice(['ALL', 'NEVER', 'PRIVATE'], 'Which subjects to replace.', { default: 'PRIVATE' }),
    replace_subject_template: string(512, 'Template for replaced subjects.'),
    ep_username: string(100, 'Default user name for endpoint APIs.'),
    ep_password: string(100, 'Default password for endpoint APIs.', secret),
    ep_use_https: boolean(true, 'Use HTTPS by default.'),
    ep_verify_certificate: boolean(false, 'Verify certificates by default.'),
    exchange_deployment: toOne('mjx_exchange_deployment', 'The Exchange integration.'),
    google_deployment: toOne('mjx_google_deployment', 'The Google integration.'),
    graph_deployment: toOne('mjx_graph_deployment', 'The Office 365 Graph integration.'),
    use_webex: boolean(false, 'Use Webex Cloud endpoints.'),
    webex_api_domain: string(192, 'The Webex API domain.', { default: 'webexapis.com' }),
    webex_client_id: string(100, 'The Webex client id.', nullable),
    webex_client_secret: string(100, 'The Webex client secret.', { nullable: true, secret: true }),
    webex_redirect_uri: string(255, 'The Webex redirect URI.', nullable),
    webex_refresh_token: string(4096, 'The Webex refresh token.', nullable),
    webex_oauth_state: string(255, 'The Webex OAuth state.', nullable),
    endpoint_groups: members('mjx_endpoint_group', 'mjx_integration'),
  },
};

const mjxGraphDeployment: Resource = {
  name: 'mjx_graph_deployment',
  fields: {
    name: title,
    description,
    client_id: string(36, 'The application id.', { required: true, format: 'uuid' }),
    client_secret: string(100, 'The client secret.', secret),
    oauth_token_url: string(255, 'The v2 token endpoint.', required),
    graph_api_domain: string(192, 'The Graph API domain.', { default: 'graph.microsoft.com' }),
    request_quota: number(10_000, 10_000_000, 'Requests in 24 hours.', { default: 1_000_000 }),
    disable_proxy: boolean(false, 'Whether to skip the web proxy.'),
    mjx_integrations: members('mjx_integration', 'graph_deployment'),
  },
};

const MEETING_TYPES = `pexipinfinity pexipservice teams teamssipguestjoin polyteamsbody ciscoteamsbody
pexipserviceteamsbody pexipinfinityteamsbody hangouts googlemeetsipguestjoin s4b polys4bbody webex zoom gotomeeting
domain regex custom`.split(/\s+/);

const mjxMeetingProcessingRule: Resource = {
  name: 'mjx_meeting_processing_rule',
  fields: {
    name: title,
    description,
    priority: number(1, 200, 'Lowest first, first match wins.', required),
    enabled: boolean(true, 'Whether the rule is used.'),
    mjx_integration: mustPoint('mjx_integration', 'The OTJ profile.'),
    meeting_type: choice(MEETING_TYPES, 'The type of the meeting.', required),
    match_string: string(250, 'What to match.'),
    replace_string: string(250, 'What to put instead.'),
    transform_rule: string(512, 'Template.'),
    custom_template: string(10_240, 'Template.'),
    domain: string(255, 'Domain.'),
    company_id: string(36, 'Company id for SIP Guest Join.'),
    include_pin: boolean(false, 'Include the PIN.'),
    default_processing_enabled: boolean(true, 'Default processing.'),
  },
};

const systemLocation: Resource = {
  name: 'system_location',
  fields: { name: title, description },
};

const workerVm: Resource = {
  name: 'worker_vm',
  fields: {
    name: string(32, 'The name of the node.', { required: true, unique: true }),
    hostname: string(63, 'The host name.', required),
    domain: string(192, 'The domain.', required),
    address: string(45, 'The IPv4 address.', required),
    static_nat_address: string(45, 'The NAT address.', nullable),
    ipv6_address: string(45, 'The IPv6 address.', nullable),
    alternative_fqdn: string(255, 'Name for Skype for Business signalling.'),
    system_location: mustPoint('system_location', 'The location.'),
    node_type: choice(['CONFERENCING', 'PROXYING'], 'The role of the node.', { default: 'CONFERENCING' }),
    maintenance_mode: boolean(false, 'In maintenance.'),
    tls_certificate: toOne('tls_certificate', 'The certificate.'),
    deployment_type: string(32, 'How the node was deployed.', { default: 'MANUAL' }),
    cloud_bursting: boolean(false, 'Cloud bursting.'),
  },
};

const role: Resource = { name: 'role', fields: { name: title }, readonly: true };

const oauth2Client: Resource = {
  name: 'oauth2_client',
  fields: {
    client_name: string(100, 'The name of the client.', { required: true, unique: true }),
    role: mustPoint('role', 'The administrator role.'),
    client_id: string(64, 'The client id.', { readonly: true }),
  },
};

export const RESOURCES: ReadonlyMap<string, Resource> = new Map(
  [
    mjxEndpoint,
    mjxEndpointGroup,
    mjxIntegration,
    mjxGraphDeployment,
    ...calendarDeployments,
    mjxMeetingProcessingRule,
    systemLocation,
    workerVm,
    role,
    oauth2Client,
  ].map((resource) => [resource.name, resource]),
);

export const CONFIGURATION = '/api/admin/configuration/v1/';
export const STATUS = '/api/admin/status/v1/';

export const uriOf = (resource: string, id: number): string => `${CONFIGURATION}${resource}/${id}/`;
