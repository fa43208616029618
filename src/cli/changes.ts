import type { Command } from 'commander';
import type { Change } from '../access/audit';

type Options = Readonly<Record<string, unknown>>;

/** Commands that only read, or do so with these options. Any other is entered in the audit log: one too many harms nobody. */
const READING: Readonly<Record<string, true | ((options: Options) => boolean)>> = {
  'accounts review': ({ in: file }) => file === undefined,
  'audit-log': true,
  'audits list': true,
  'audits overrides': true,
  'backfill list': true,
  'backfill status': true,
  config: true,
  doctor: true,
  'ingest list': true,
  'ingest rejects': true,
  'ingest show': true,
  'keys list': true,
  // What a document changes is entered by the change itself.
  query: true,
  'runs show': true,
  'saved list': true,
  'saved show': true,
  'saved verify': true,
  serve: true,
  'snapshots collect': ({ apply }) => apply !== true,
  'snapshots diff': true,
  'snapshots export': true,
  'snapshots list': true,
  'snapshots verify': true,
  status: true,
};

let current: Change | null = null;

/** Notes which command is about to run. */
export function noteCommand(command: Command): void {
  const options: Options = command.opts();
  const path = pathOf(command);
  const reads = READING[path];
  current = reads === true || reads?.(options) === true ? null : { action: path, ...wordsOf(command.args, options) };
}

/** The change that the running command is, or null when it only reads. */
export const changeOf = (): Change | null => current;

const pathOf = (command: Command): string => (command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name());

/** How a command was asked for: its arguments and options, without those that change nothing, and the reason apart. */
function wordsOf(args: readonly string[], { reason, json: _json, follow: _follow, ...options }: Options): Omit<Change, 'action'> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== false);
  const words = given.map(([name, value]) => `--${kebab(name)}${value === true ? '' : ` ${String(value)}`}`);
  return { subject: [...args, ...words].join(' '), reason: typeof reason === 'string' ? reason : null };
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
