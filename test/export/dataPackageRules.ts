import Ajv from 'ajv';

// The rules of Data Package 2.0, Data Resource 2.0 and Table Schema 2.0 (datapackage.org/standard) for every property that we
// write, as a schema of our own: no package that the project has carries the profiles. Property names that are not in the
// standard are allowed by it, and listed here, so that a misspelt one is found.
const TEXT = { type: 'string', minLength: 1 };
const URL = { type: 'string', pattern: '^https?://[^\\s]+$' };
/** A POSIX path that is relative and does not go up, or an address. */
const PATH = { type: 'string', pattern: '^((?=[^./~])(?!file:)((?!/\\.\\./)(?!\\\\)(?!://).)*|(http|ftp)s?://.*)$' };
const FIELD = {
  type: 'object',
  required: ['name', 'type'],
  additionalProperties: false,
  properties: {
    name: TEXT,
    type: {
      enum: [
        'string',
        'number',
        'integer',
        'boolean',
        'object',
        'array',
        'date',
        'time',
        'datetime',
        'year',
        'yearmonth',
        'duration',
        'any',
      ],
    },
    title: TEXT,
    description: TEXT,
  },
};
const RESOURCE = {
  type: 'object',
  required: ['name', 'path'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', pattern: '^[-a-z0-9._]+$' },
    type: { const: 'table' },
    path: PATH,
    title: TEXT,
    description: { type: 'string' },
    format: TEXT,
    mediatype: { type: 'string', pattern: '^(.+)/(.+)$' },
    bytes: { type: 'integer', minimum: 0 },
    hash: { type: 'string', pattern: '^([^:]+:[a-fA-F0-9]+|[a-fA-F0-9]{32}|)$' },
    schema: {
      type: 'object',
      required: ['fields'],
      additionalProperties: false,
      properties: {
        fields: { type: 'array', minItems: 1, items: FIELD },
        primaryKey: { type: 'array', minItems: 1, uniqueItems: true, items: TEXT },
      },
    },
    // Our own.
    rows: { type: 'integer', minimum: 0 },
  },
};
const PACKAGE = {
  type: 'object',
  required: ['resources'],
  additionalProperties: false,
  properties: {
    $schema: { const: 'https://datapackage.org/profiles/2.0/datapackage.json' },
    name: { type: 'string', pattern: '^[-a-z0-9._/]+$' },
    title: TEXT,
    description: TEXT,
    homepage: URL,
    version: TEXT,
    created: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$' },
    keywords: { type: 'array', minItems: 1, items: TEXT },
    licenses: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        anyOf: [{ required: ['name'] }, { required: ['path'] }],
        additionalProperties: false,
        properties: { name: { type: 'string', pattern: '^[-a-zA-Z0-9._]+$' }, path: PATH, title: TEXT },
      },
    },
    sources: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', required: ['title'], additionalProperties: false, properties: { title: TEXT, code: TEXT } },
    },
    resources: { type: 'array', minItems: 1, items: RESOURCE },
    // Our own.
    snapshot: { type: 'object' },
  },
};
/** Whether a value obeys the rules; its `errors` say where not. */
export const isDataPackage = new Ajv({ allErrors: true }).compile(PACKAGE);
