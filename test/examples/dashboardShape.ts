import { z } from 'zod';

// What the dashboard uses of Grafana's and Infinity's formats, and nothing else: a misspelt key is an error.

const DATASOURCE = z.strictObject({ type: z.literal('yesoreyeram-infinity-datasource'), uid: z.literal('${datasource}') });
const COLUMN = z.strictObject({ selector: z.string().min(1), text: z.string().min(1), type: z.enum(['string', 'number', 'timestamp']) });

/** One request of Infinity, read by its backend parser. */
const REQUEST = {
  type: z.enum(['csv', 'json']),
  source: z.literal('url'),
  parser: z.literal('backend'),
  format: z.literal('table'),
  url: z.string().startsWith('${govblog}/'),
  url_options: z.strictObject({ method: z.literal('GET'), data: z.literal('') }),
  root_selector: z.string(),
  columns: z.array(COLUMN).min(1),
  filters: z.array(z.never()),
};
const request = z.strictObject({ refId: z.string(), ...REQUEST });
export type InfinityRequest = z.infer<typeof request>;

const GRID = z.strictObject({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) });
const BASE = { id: z.int().min(1), title: z.string().min(1), gridPos: GRID };
const DATA = {
  ...BASE,
  description: z.string().min(1),
  datasource: DATASOURCE,
  targets: z.array(z.strictObject({ refId: z.string(), datasource: DATASOURCE, ...REQUEST })).min(1),
  fieldConfig: z.strictObject({
    defaults: z.strictObject({ unit: z.string().optional(), custom: z.record(z.string(), z.unknown()).optional() }),
    overrides: z.array(
      z.strictObject({
        matcher: z.strictObject({ id: z.literal('byName'), options: z.string() }),
        properties: z.array(z.strictObject({ id: z.literal('unit'), value: z.string() })),
      }),
    ),
  }),
  options: z.record(z.string(), z.unknown()),
};
const PANEL = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('stat'), ...DATA }),
  z.strictObject({ type: z.literal('timeseries'), ...DATA }),
  z.strictObject({ type: z.literal('table'), ...DATA }),
  z.strictObject({ type: z.literal('text'), ...BASE, options: z.strictObject({ mode: z.literal('markdown'), content: z.string() }) }),
]);
export type Panel = z.infer<typeof PANEL>;

const NAMED = { name: z.string().regex(/^\w+$/), label: z.string(), description: z.string().optional() };
const CHOICE = z.strictObject({ text: z.array(z.string()), value: z.array(z.string()) });
const VARIABLE = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('datasource'), ...NAMED, query: z.literal('yesoreyeram-infinity-datasource'), refresh: z.literal(1) }),
  z.strictObject({
    type: z.literal('textbox'),
    ...NAMED,
    query: z.url(),
    current: z.strictObject({ text: z.url(), value: z.url() }),
  }),
  z.strictObject({
    type: z.literal('custom'),
    ...NAMED,
    query: z.string(),
    multi: z.literal(true),
    includeAll: z.literal(true),
    current: CHOICE,
  }),
  z.strictObject({
    type: z.literal('query'),
    ...NAMED,
    datasource: DATASOURCE,
    query: z.strictObject({ queryType: z.literal('infinity'), refId: z.literal('variable'), infinityQuery: request }),
    // 1: when the dashboard is opened.
    refresh: z.literal(1),
    regex: z.string().optional(),
    multi: z.boolean(),
    includeAll: z.boolean(),
    current: CHOICE.optional(),
  }),
]);
export type Variable = z.infer<typeof VARIABLE>;

/** A dashboard in the classic JSON that every Grafana imports (schemaVersion 39 is that of Grafana 10.4 to 11). */
export const DASHBOARD = z.strictObject({
  uid: z.string().max(40),
  title: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  schemaVersion: z.literal(39),
  version: z.int(),
  editable: z.boolean(),
  graphTooltip: z.literal(1),
  timezone: z.literal('utc'),
  time: z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime() }),
  refresh: z.literal(''),
  annotations: z.strictObject({ list: z.array(z.never()) }),
  links: z.array(z.never()),
  templating: z.strictObject({ list: z.array(VARIABLE) }),
  panels: z.array(PANEL),
});
