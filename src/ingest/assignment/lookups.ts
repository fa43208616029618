import type { Gazetteer } from './gazetteer';
import { type Place, placeInName, placeInText, type Seat, seatOf } from './places';
import type { AssignedAttribute, Statement } from './statement';

/** What is known of an account while rules are applied; texts are read for places only when a rule asks. */
export class Reading {
  /** Codes found so far. */
  readonly codes: Partial<Record<AssignedAttribute, string>> = {};
  private readonly seen: { seat?: Seat | null; reason?: Place | null; name?: Place | null } = {};

  constructor(
    readonly statement: Statement,
    readonly gazetteer: Gazetteer,
    readonly typeOfVerification: ReadonlyMap<string, string>,
  ) {}

  /** From the location. */
  get seat(): Seat | null {
    const text = this.statement.location;
    if (this.seen.seat === undefined) this.seen.seat = text === null ? null : seatOf(text, this.gazetteer);
    return this.seen.seat;
  }

  /** From the verification text. */
  get reason(): Place | null {
    const text = this.statement.verified_reason;
    if (this.seen.reason === undefined)
      this.seen.reason = text === null ? null : placeInText(text, this.gazetteer, this.seat?.region ?? null);
    return this.seen.reason;
  }

  /** From the screen name. */
  get name(): Place | null {
    const text = this.statement.screen_name;
    if (this.seen.name === undefined) this.seen.name = text === null ? null : placeInName(text, this.gazetteer, this.seat?.region ?? null);
    return this.seen.name;
  }
}

/** A rule that looks up a table instead of matching a pattern: the code that it finds, or null. */
type Lookup = (reading: Reading) => string | null;

const regionAt = ({ seat }: Reading, from: Seat['from']): string | null => (seat?.from === from ? seat.region : null);
const prefectureAt = ({ seat }: Reading, from: Seat['from']): string | null => (seat?.from === from ? seat.prefecture : null);
const conflict = ({ seat, reason }: Reading): boolean => Boolean(seat && reason?.region && seat.region !== reason.region);
/** Beijing, Tianjin, Shanghai, Chongqing: cities at the level of a province, whose districts are at that of a prefecture. */
const MUNICIPALITIES = new Set(['11', '12', '31', '50']);
const DISTRICT = /(?<!自治|地|社|景|园|小|军|战|特|(?<!沙)市|校|片|辖|灾|库|疫|专)区(?![域划号块位间])|县|分局/u;
const UNIT_LEVELS = { province: 'L2', prefecture: 'L3', county: 'L4' } as const;
const levelAs = (place: Place | null, unit: Place['unit']): string | null =>
  place !== null && place.direct && place.unit === unit ? UNIT_LEVELS[unit] : null;

/** Lookups by the id of their row, which gives their priority, conditions and confidence. */
export const LOOKUPS: Readonly<Record<string, Lookup>> = {
  'T-TYPE': ({ statement, typeOfVerification }) => typeOfVerification.get(statement.verified_type ?? '') ?? null,

  'R-PREFECTURE': ({ statement, gazetteer }) => gazetteer.provinceOf.get(statement.prefecture ?? '') ?? null,
  'R-CONFLICT': (reading) => (conflict(reading) ? reading.reason!.region : null),
  'R-REASON': ({ reason }) => reason?.region ?? null,
  'R-LOCATION': (reading) => regionAt(reading, 'text'),
  'R-CODE': (reading) => regionAt(reading, 'code'),
  'R-TEXT': ({ reason }) => reason?.region ?? null,
  'R-NAME': ({ name }) => name?.region ?? null,

  'P-CONFLICT': (reading) => (conflict(reading) ? reading.reason!.prefecture : null),
  'P-REASON': ({ reason }) => reason?.prefecture ?? null,
  'P-LOCATION': (reading) => prefectureAt(reading, 'text'),
  'P-CODE': (reading) => prefectureAt(reading, 'code'),
  'P-TEXT': ({ reason }) => reason?.prefecture ?? null,
  'P-NAME': ({ name }) => name?.prefecture ?? null,

  'L-NATIONAL': ({ codes }) => (codes.region === '00' ? 'L1' : null),
  'L-DISTRICT': ({ codes, statement }) =>
    MUNICIPALITIES.has(codes.region ?? '') && DISTRICT.test(statement.verified_reason ?? '') ? 'L3' : null,
  'L-COUNTY': ({ reason }) => levelAs(reason, 'county'),
  'L-PREFECTURE': ({ reason }) => levelAs(reason, 'prefecture'),
  'L-PROVINCE': ({ reason }) => levelAs(reason, 'province'),
  'L-NAME': ({ name }) => (name === null ? null : levelAs(name, name.unit)),
};
