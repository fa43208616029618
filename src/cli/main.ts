import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import { GovblogError, messageOf } from '../errors';
import { projectPath } from '../paths';
import { accountsCommand } from './accounts';
import { auditCommands } from './audits';
import { backfillCommands } from './backfill';
import { noteCommand } from './changes';
import { doctorCommand } from './doctor';
import { ingestCommand } from './ingest';
import { keyCommands } from './keys';
import { operationCommands } from './operations';
import { queryCommand } from './query';
import { savedCommand } from './saved';
import { serveCommand } from './serve';

/** Wrong usage; what could not be done; done. */
const [DONE, FAILED, USAGE] = [0, 1, 2];

const { version } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as { version: string };
const program = new Command('govblog')
  .description('A research data warehouse of government micro-blog accounts and posts.')
  .version(version)
  .showHelpAfterError('(--help shows the usage)')
  .showSuggestionAfterError();
serveCommand(program);
ingestCommand(program);
accountsCommand(program);
operationCommands(program);
auditCommands(program);
backfillCommands(program);
queryCommand(program);
savedCommand(program);
keyCommands(program);
doctorCommand(program);

program.hook('preAction', (_program, action) => noteCommand(action));
for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) command.exitOverride();

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError)
    process.exitCode = error.exitCode === 0 || error.code === 'commander.help' ? (error.code === 'commander.help' ? USAGE : DONE) : USAGE;
  else if (error instanceof GovblogError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.code === 'USAGE' || error.code === 'BAD_SETTING' ? USAGE : FAILED;
  } else {
    process.stderr.write(`govblog failed: ${messageOf(error)}\n${error instanceof Error ? (error.stack ?? '') : ''}\n`);
    process.exitCode = FAILED;
  }
});
