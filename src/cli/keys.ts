import type { Command } from 'commander';
import { createKey, listKeys, revokeKey, type Key } from '../access/keys';
import { GovblogError } from '../errors';
import { withApp, type CommonOptions } from './context';
import { show, table } from './output';

/** Keys by which others ask and steer, and the record of what was changed. */
export function keyCommands(program: Command): void {
  const keys = program.command('keys').description('Keys of researchers and admins, for `Authorization: Bearer …`.');
  keys
    .command('create')
    .description('Make a key and print it, this once: the store keeps a hash of it alone.')
    .requiredOption('--role <role>', 'researcher: reads accounts, posts and files; admin: also steers jobs and backfills')
    .requiredOption('--name <text>', 'who or what uses it')
    .option('--json', 'print JSON')
    .action(create);
  keys.command('list').description('All keys, newest first, also revoked ones.').option('--json', 'print JSON').action(list);
  keys.command('revoke <id>').description('End a key, at once and for ever.').option('--json', 'print JSON').action(revoke);
  program
    .command('audit-log')
    .description('Who asked to change what, why, and what became of it; newest first.')
    .option('--first <number>', 'at most so many entries', '50')
    .option('--before <id>', 'entries before this one')
    .option('--json', 'print JSON')
    .action(auditLog);
}

async function create({ role, name, json = false }: CommonOptions & { role: string; name: string }): Promise<void> {
  await withApp(async ({ store, clock }) => {
    const { key, secret } = await createKey(store, { role, name }, clock.now());
    show({ ...key, key: secret }, json, () =>
      [
        `${secret}`,
        '',
        `This is the key of ${key.name} (${key.role}). It is not shown again; \`govblog keys revoke ${key.id}\` ends it.`,
      ].join('\n'),
    );
  });
}

async function list({ json = false }: CommonOptions): Promise<void> {
  await withApp(async ({ store }) => show(await listKeys(store), json, keyTable));
}

async function revoke(id: string, { json = false }: CommonOptions): Promise<void> {
  await withApp(async ({ store, clock }) =>
    show(await revokeKey(store, id, clock.now()), json, (key) => `${key.id} (${key.name}) is revoked; it is refused from now on.`),
  );
}

const keyTable = (keys: readonly Key[]): string =>
  table(
    ['id', 'role', 'name', 'created', 'last used', 'revoked'],
    keys.map(({ id, role, name, createdAt, lastUsedAt, revokedAt }) => [
      id,
      role,
      name,
      createdAt.toISOString(),
      lastUsedAt?.toISOString(),
      revokedAt?.toISOString(),
    ]),
  );

async function auditLog({ first, before, json = false }: CommonOptions & { first: string; before?: string }): Promise<void> {
  const [most, bound] = [numberOf('--first', first), before === undefined ? null : numberOf('--before', before)];
  await withApp(async ({ access }) =>
    show(await access.audit.list(most, bound), json, (entries) =>
      table(
        ['id', 'at', 'caller', 'action', 'subject', 'reason', 'outcome'],
        entries.map(({ id, at, caller, action, subject, reason, outcome }) => [
          id,
          at.toISOString(),
          caller,
          action,
          subject,
          reason,
          outcome,
        ]),
      ),
    ),
  );
}

function numberOf(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new GovblogError('USAGE', `${option} is "${text}"; write a whole number.`);
}
