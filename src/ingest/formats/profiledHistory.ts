import type { Day } from '../../model/time';
import type { AccountRecord } from '../records';
import { ValueError } from '../values';

/** Attributes that a list of former values may speak of. */
export type Historical = 'screenName' | 'accountType' | 'region' | 'prefecture' | 'sector' | 'level' | 'verifiedType' | 'verifiedReason';

/** Values that held before, and the first day on which they no longer did; null: nobody knows when that was. */
export interface Former {
  readonly values: Readonly<Partial<Record<Historical, string | null>>>;
  readonly until: Day | null;
}

/** The days of January of year 1 stand for: earlier than anything known, in this order. */
const DAYS = 31;
const longAgo = (position: number): Day => `0001-01-${String(position + 1).padStart(2, '0')}`;

/** The spans of one attribute, oldest first. */
interface Spans {
  readonly name: Historical;
  readonly spans: readonly { readonly value: string | null; readonly from: Day }[];
  /** Day on which the present value began; null: not known. */
  readonly presentFrom: Day | null;
  /** Days of year 1 that are taken. */
  readonly undated: number;
}

/**
 * What a registry says of an account as statements of its type-2 history: the current one first, then what was before.
 * A former value without an end began "earlier than anything known" and holds until the first statement of a later
 * value: the next dated one, or the observation of the registry itself. The present values of an account that is
 * deleted began before that observation, which is its end.
 */
export function statementsOf(current: AccountRecord, names: readonly string[], history: readonly Former[]): AccountRecord[] {
  const attributes = [...new Set(history.flatMap(({ values }) => Object.keys(values) as Historical[]))];
  const series = [
    ...(names.length > 0 ? [spansOf('screenName', names.map((name) => ({ values: { screenName: name }, until: null })))] : []),
    ...attributes.map((name) => spansOf(name, history.filter(({ values }) => values[name] !== undefined))),
  ]; // prettier-ignore
  const { kind, platform, accountId, observedAt } = current;
  const statement = (name: Historical, value: string | null | undefined, validFrom: Day): AccountRecord[] =>
    value === null || value === undefined ? [] : [{ kind, platform, accountId, observedAt, [name]: value, validFrom }];
  return [
    current,
    ...series.flatMap(({ name, spans, presentFrom, undated }) => [
      ...spans.flatMap(({ value, from }) => statement(name, value, from)),
      ...(presentFrom !== null || current.deleted ? statement(name, current[name], presentFrom ?? longAgo(undated)) : []),
    ]),
  ];
}

function spansOf(name: Historical, former: readonly Former[]): Spans {
  let undated = 0;
  let from: Day | null = longAgo(undated++);
  let known: Day | null = null;
  const spans = former.map(({ values, until }, index) => {
    if (until !== null && known !== null && until <= known)
      throw new ValueError('history', `A former ${name} ends on ${until}, and the one before it on ${known}: the oldest comes first.`);
    if (until === null && known !== null && index < former.length - 1)
      throw new ValueError('history', `A former ${name} between two others has no end, though the one before it has.`);
    const span = { value: values[name] ?? null, from: from! };
    known = until ?? known;
    from = until ?? (index < former.length - 1 ? longAgo(undated++) : null);
    return span;
  });
  if (undated >= DAYS) throw new ValueError('history', `More than ${DAYS - 1} former values without an end cannot be told apart.`);
  return { name, spans, presentFrom: from, undated };
}
