/** What the sources said of an account, carried over time. Null where no source speaks of it. */
export interface Statement {
  readonly screen_name: string | null;
  readonly account_type: string | null;
  /** Two-digit province code, `00` national organs, `99` overseas. */
  readonly region: string | null;
  /** Six-digit prefecture code. */
  readonly prefecture: string | null;
  readonly sector: string | null;
  readonly level: string | null;
  readonly verified: number | null;
  /** Weibo's code of the badge, as text. */
  readonly verified_type: string | null;
  /** The verification text: `广州市公安局官方微博`. */
  readonly verified_reason: string | null;
  readonly description: string | null;
  /** As printed (`广东 广州`) or as codes of province and city (`44 1`). */
  readonly location: string | null;
}

/** The attributes that rules fill where the source is silent, in the order in which they are found: later ones look at earlier ones. */
export const ASSIGNED = ['account_type', 'region', 'prefecture', 'sector', 'level'] as const;
export type AssignedAttribute = (typeof ASSIGNED)[number];

/**
 * Every attribute with a code, and why it is so: `STATED` when the source said it, the id of a row of
 * `seeds/reference/account_rules.csv`, or null when nothing tells (the code is then `UNKNOWN`, for a level `LX`).
 */
export type Assigned = Readonly<Record<AssignedAttribute, string>> & Readonly<Record<`${AssignedAttribute}_by`, string | null>>;

export const STATED = 'STATED';
export const unknownOf = (attribute: AssignedAttribute): string => (attribute === 'level' ? 'LX' : 'UNKNOWN');
