import pino from 'pino';

/** Writes one event: a `noun.pastVerb` name and the facts that belong to it. Never prose with values inside. */
export type Log = (event: string, facts?: Readonly<Record<string, unknown>>) => void;

/** One JSON line an event on standard error, so that standard output stays free for answers. */
export function jsonLog(level: string): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
  return (event, facts = {}) => {
    const line = { event, ...facts };
    if (event.endsWith('.failed')) logger.error(line);
    else logger.info(line);
  };
}

export const silentLog: Log = () => undefined;
