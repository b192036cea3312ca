import type { Behaviour } from './behaviour.ts';
import { type CONFIGURATION, type Field, RESOURCES, type Resource, type STATUS, uriOf } from './fields.ts';
import { LOOKUP_NAMES, type View } from './query.ts';
import type { Store } from './store.ts';
import type { Row } from './validate.ts';

const DEPLOYMENTS = ['exchange_deployment', 'google_deployment', 'graph_deployment'];

/** A row as replies show it: no write-only fields, members looked up. */
export function view(resource: Resource, row: Row, store: Store, behaviour: Behaviour, nested = false): View {
  const shown: View = { id: row.id };
  for (const [name, field] of Object.entries(resource.fields)) {
    if (field.secret) {
      if (behaviour.secretsInReplies === 'blank') shown[name] = '';
    } else if (field.type === 'to_many') {
      shown[name] = nested ? [] : membersOf(resource, row, field, store, behaviour);
    } else if (!nested && DEPLOYMENTS.includes(name) && behaviour.deploymentsAs === 'objects') {
      const target = store.follow(row[name]);
      const kind = RESOURCES.get(field.related ?? '');
      shown[name] = target && kind ? view(kind, target, store, behaviour, true) : null;
    } else {
      shown[name] = row[name];
    }
  }
  shown.resource_uri = uriOf(resource.name, row.id);
  return shown;
}

function membersOf(resource: Resource, row: Row, field: Field, store: Store, behaviour: Behaviour): unknown[] {
  const kind = RESOURCES.get(field.related ?? '');
  if (!kind || !field.via) return [];
  const uri = uriOf(resource.name, row.id);
  const via = field.via;
  return store
    .rows(kind.name)
    .filter((member) => member[via] === uri)
    .map((member) =>
      behaviour.membersAs === 'strings' ? uriOf(kind.name, member.id) : view(kind, member, store, behaviour, true),
    );
}

/** Fields that a list may be filtered and ordered by. */
export function filterable(resource: Resource): string[] {
  return ['id', ...Object.keys(resource.fields).filter((name) => plain(resource.fields[name]))];
}

const plain = (field: Field | undefined): boolean =>
  field !== undefined &&
  !field.secret &&
  (field.type === 'string' || field.type === 'integer' || field.type === 'boolean');

/** The schema document of a resource, in the shape that Pexip's pexshell reads. */
export function schemaOf(resource: Resource): View {
  const fields: Record<string, View> = {
    id: describe({ type: 'integer', help: 'The primary key.', readonly: true, unique: true }),
    resource_uri: describe({ type: 'string', help: 'The URI that identifies this resource.', readonly: true }),
  };
  for (const [name, field] of Object.entries(resource.fields)) fields[name] = describe(field);
  const names = filterable(resource);
  return {
    ...common(resource.readonly ? ['get'] : ['get', 'post', 'put', 'delete', 'patch']),
    fields,
    filtering: Object.fromEntries(names.map((name) => [name, LOOKUP_NAMES])),
    ordering: names,
  };
}

export function statusSchema(fields: readonly string[]): View {
  const described = fields.map((name) => [name, describe({ type: 'string', help: name, readonly: true })]);
  return {
    ...common(['get']),
    fields: Object.fromEntries(described),
    filtering: Object.fromEntries(fields.map((name) => [name, LOOKUP_NAMES])),
    ordering: fields,
  };
}

const common = (methods: string[]): View => ({
  allowed_detail_http_methods: methods,
  allowed_list_http_methods: methods,
  default_format: 'application/json',
  default_limit: 20,
});

function describe(field: Field): View {
  const related = field.type === 'to_one' || field.type === 'to_many';
  return {
    blank: !field.required,
    default: field.required ? 'No default provided.' : (field.default ?? (field.nullable ? null : '')),
    help_text: field.help,
    nullable: field.nullable === true,
    readonly: field.readonly === true,
    type: related ? 'related' : field.type,
    unique: field.unique === true,
    ...(related ? { related_type: field.type } : {}),
    ...(field.choices ? { valid_choices: field.choices } : {}),
  };
}

/** What a root such as `/api/admin/configuration/v1/` answers. */
export function rootListing(root: typeof CONFIGURATION | typeof STATUS, names: Iterable<string>): View {
  return Object.fromEntries(
    [...names].map((name) => [name, { list_endpoint: `${root}${name}/`, schema: `${root}${name}/schema/` }]),
  );
}
