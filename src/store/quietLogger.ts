import type { Logger } from 'typeorm';

const nothing = (): void => undefined;

/** What goes wrong is thrown and told by whoever asked. TypeORM would print it as well, into the results of a command. */
export const quietLogger: Logger = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};
