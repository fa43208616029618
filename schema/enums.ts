import { registerEnumType } from 'type-graphql';
import { ATTRIBUTIONS, FILLS } from '../src/query/question';

const named = <T extends string>(...names: readonly T[]): { readonly [N in T]: N } =>
  Object.fromEntries(names.map((name) => [name, name])) as { [N in T]: N };

export const AccountType = named('AGENCY', 'OFFICIAL', 'MEDIA', 'ENTERPRISE', 'ORGANISATION', 'OTHER', 'UNKNOWN');
registerEnumType(AccountType, { name: 'AccountType', description: 'Kind of account.' });

export const Level: Record<string, string> = { ...named('L1', 'L2', 'L3', 'L4', 'L5', 'LX') };

/** Adds the codes of own levels, before the schema is made: `US-SEN` is called US_SEN, since an enum has no room for a "-". */
export function addLevels(codes: Iterable<string>): void {
  for (const code of codes) {
    const name = code.replace(/[^A-Za-z0-9]/g, '_').replace(/^(?=\d)/, '_');
    if (!Object.values(Level).includes(code)) Level[name] ??= code;
  }
}

registerEnumType(Level, {
  name: 'Level',
  description:
    'Administrative level: L1 central, L2 provincial, L3 prefecture, L4 county, L5 township and grassroots, LX unknown; and the codes of own levels, with _ for every other sign.',
});

export const Direction = named('ASC', 'DESC');
registerEnumType(Direction, { name: 'Direction', description: 'Order of rows.' });

export const Attribution = named(...ATTRIBUTIONS);
registerEnumType(Attribution, {
  name: 'Attribution',
  description: 'AT_TIME: attributes of accounts as they were on each day. CURRENT: as they are at the end of the snapshot.',
});

export const Fill = named(...FILLS);
registerEnumType(Fill, { name: 'Fill', description: 'Whether a series has rows where nothing was counted.' });

export const Additivity = named('ADDITIVE', 'SEMI_ADDITIVE', 'NON_ADDITIVE');
registerEnumType(Additivity, {
  name: 'Additivity',
  description:
    'ADDITIVE: sums over everything. SEMI_ADDITIVE: not over time, where the last day counts. NON_ADDITIVE: recomputed for each group.',
});

export const CitationStyle = named('APA', 'BIBTEX', 'CSL_JSON', 'GB_T_7714');
registerEnumType(CitationStyle, {
  name: 'CitationStyle',
  description: 'Form of a citation: APA 7, BibTeX, CSL-JSON, or GB/T 7714-2015 (China).',
});

export const RunStatus = named('running', 'published', 'failed', 'abandoned', 'cancelled');
registerEnumType(RunStatus, { name: 'RunStatus', description: 'What became of an attempt to build a partition.' });
