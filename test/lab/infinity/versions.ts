import type { Behaviour } from './behaviour.ts';
import type { Field, Resource } from './fields.ts';

/** Fields that came with Webex rooms (by v25) and later; which version brought the alarm switch is assumed. */
const LATER = new Set(['webex_device_id', 'poly_raise_alarms_for_this_endpoint']);

const FUTURE: Readonly<Record<string, Field>> = {
  push_priority: { type: 'integer', min: 0, max: 9, default: 5, help: 'A field of a version to come.' },
  proximity_zone: { type: 'string', max: 50, nullable: true, help: 'A field of a version to come.' },
};
const DEMANDED: Readonly<Record<string, Field>> = {
  tenant_code: { type: 'string', max: 50, required: true, help: 'A field of a version to come.' },
};

/** A resource as the chosen version has it; only that of OTJ endpoints differs. */
export function ofVersion(resource: Resource, version: Behaviour['schema']): Resource {
  if (resource.name !== 'mjx_endpoint') return resource;
  const fields = Object.entries(resource.fields);
  switch (version) {
    case 'older':
      return { ...resource, fields: Object.fromEntries(fields.filter(([name]) => !LATER.has(name)).map(withoutWebex)) };
    case 'newer':
      return { ...resource, fields: { ...resource.fields, ...FUTURE } };
    case 'stricter':
      return { ...resource, fields: { ...resource.fields, ...DEMANDED } };
    default:
      return resource;
  }
}

function withoutWebex([name, field]: [string, Field]): [string, Field] {
  if (name !== 'endpoint_type') return [name, field];
  return [name, { ...field, choices: field.choices?.filter((one) => one !== 'WEBEX') ?? [] }];
}
