import { unwrapResolverError } from '@apollo/server/errors';
import type { GraphQLFormattedError } from 'graphql';
import { randomBytes } from 'node:crypto';
import { GovblogError, messageOf } from '../src/errors';
import type { Log } from '../src/log';

/**
 * Errors a caller can act on keep their sentence and get `extensions.code`; anything else is a bug, logged under a
 * reference that the caller is shown.
 */
export const formatErrors =
  (log: Log) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = unwrapResolverError(error);
    const { path, locations } = formatted;
    const place = { ...(locations && { locations }), ...(path && { path }) };
    if (cause instanceof GovblogError) return { message: cause.message, ...place, extensions: { code: cause.code } };
    const code = formatted.extensions?.['code'];
    if (code !== 'INTERNAL_SERVER_ERROR') return { message: formatted.message, ...place, extensions: { code: code ?? 'BAD_QUERY' } };
    const reference = randomBytes(4).toString('hex');
    log('request.failed', { reference, error: messageOf(cause), stack: cause instanceof Error ? cause.stack : undefined });
    return {
      message: `Something went wrong on our side (reference ${reference}). The log tells more.`,
      ...place,
      extensions: { code: 'INTERNAL', reference },
    };
  };
