import iconv from 'iconv-lite';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Chance that comes out the same for the same seed. */
export interface Dice {
  /** A whole number from 0, below `end`. */
  below(end: number): number;
  of<T>(things: readonly T[]): T;
}

export function diceOf(seed: number): Dice {
  const random = xoroshiro128plus(seed);
  const below = (end: number): number => (end < 2 ? 0 : uniformInt(random, 0, end - 1));
  return { below, of: (things) => things[below(things.length)]! };
}

type Mutation = (bytes: Buffer, dice: Dice, other: Buffer) => Buffer;

/** A range of some bytes, mostly a short one. */
function rangeIn(bytes: Buffer, dice: Dice): readonly [number, number] {
  const start = dice.below(bytes.length);
  return [start, Math.min(bytes.length, start + 1 + dice.below(dice.of([4, 40, 400])))];
}
const splice = (bytes: Buffer, from: number, to: number, piece: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(to)]);

/** What breaks parsers: marks of CSV and JSON, NUL and other controls, halves of characters, numbers and dates beyond what can be. */
const PIECES: readonly Buffer[] = [
  ...['"', '""', '\\', ',', ',,,,', '\n', '\r', '\r\n', '\0', '\0\0\0', '{', '}', '[', ']', '[[[[[[[[', '{"a":', ':', 'null', 'true', '-1', '1e999', '0.1', '-0', 'NaN', '9007199254740993'],
  ...['99999999999999999999999', '"\\ud83d"', '\\ud83d', '\\udc00\\ud83d', '\\u0000', '\\u', '\\x', '\uFEFF', '\uFFFD', '\u2028', '\u202e', '万', '１２３', '&#xD83D;', '&#0;', '&lt;', '<a ', '<!--'],
  ...['0000-00-00 00:00:00', '2025-02-30', '24:00', '9999-12-31T23:59:59Z', '刚刚', '5分钟前', '99999999999999天前', '昨天 25:61', '来自', '1e9', '\t', ' ', 'x'.repeat(700), '字'.repeat(300)],
  ...['__proto__', '"__proto__":{"x":1},', '"constructor":1,', '"id":null,', '"user":{},', '"text":[],', '"comments":"x",', '"comments":[null,1,"x",{}],', '"user":"x",', '"weibo":{},', '"each":1,'],
].map((text) => Buffer.from(text)); // prettier-ignore
const BROKEN: readonly Buffer[] = [[0xff], [0xfe, 0xff], [0xff, 0xfe], [0xed, 0xa0, 0x80], [0x80], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x81, 0x30, 0x81]].map((bytes) => Buffer.from(bytes)); // prettier-ignore
const NESTED = 900;

const MUTATIONS: readonly Mutation[] = [
  (bytes, dice) => {
    const flipped = Buffer.from(bytes);
    for (let flips = 1 + dice.below(8); flips > 0; flips -= 1) flipped[dice.below(flipped.length)]! ^= 1 << dice.below(8);
    return flipped;
  },
  (bytes, dice) => splice(bytes, ...rangeIn(bytes, dice), Buffer.alloc(0)),
  (bytes, dice) => {
    const [from, to] = rangeIn(bytes, dice);
    return splice(bytes, to, to, bytes.subarray(from, to));
  },
  (bytes, dice) => {
    const [from, to] = rangeIn(bytes, dice);
    const at = dice.below(bytes.length);
    return splice(bytes, at, at, bytes.subarray(from, to));
  },
  (bytes, dice) => bytes.subarray(0, dice.below(bytes.length)),
  (bytes, dice) => bytes.subarray(dice.below(bytes.length)),
  (bytes, dice) => {
    const at = dice.below(bytes.length);
    return splice(bytes, at, at, dice.of(dice.below(6) === 0 ? BROKEN : PIECES));
  },
  (bytes, dice) => splice(bytes, ...rangeIn(bytes, dice), dice.of(PIECES)),
  // A value of JSON or a cell of CSV becomes another.
  (bytes, dice) => replaceMatch(bytes, dice, /(?<=[:,[]\s*)(?:"(?:[^"\\]|\\.)*"|-?\d+|true|false|null)(?=\s*[,}\]])/g),
  (bytes, dice) => replaceMatch(bytes, dice, /(?<=[,\n])[^,\n]*(?=[,\n])/g),
  ...new Array<Mutation>(6).fill(replaceNode),
  // Every comma, quote or line break of a file.
  (bytes, dice) => Buffer.from(bytes.toString('latin1').replaceAll(dice.of([',', '"', '\n', ':', '\\', '0']), dice.of([',', '"', '\n', '\r', '', '\0', ';'])), 'latin1'),
  (bytes, dice) => iconv.encode(bytes.toString(), dice.of(['gb18030', 'utf-16le', 'utf-16be', 'latin1'])),
  (bytes, dice) => iconv.encode(bytes.toString(), dice.of(['utf-16le', 'utf-16be']), { addBOM: true }),
  (bytes, dice) => Buffer.from(iconv.decode(bytes, dice.of(['gb18030', 'latin1', 'utf-16le']))),
  (bytes, dice, other) => (dice.below(2) === 0 ? Buffer.concat([bytes, other]) : Buffer.concat([other, Buffer.from('\n'), bytes])),
  (bytes, dice, other) => splice(bytes, ...rangeIn(bytes, dice), other.subarray(...rangeIn(other, dice))),
  (bytes, dice) => {
    const at = dice.below(bytes.length);
    return splice(bytes, at, at, Buffer.from(dice.of(['[', '{"a":', '"', ',', '\n', '<b>']).repeat(1 + dice.below(NESTED))));
  },
]; // prettier-ignore

const ODD: readonly unknown[] = [null, true, 0, -1, 1.5, 1e300, '', ' ', 'x', '[', '\ud83d', 'a\0b', [], {}, [[]], [null], ['x', 1], { id: null }, { _id: {} }, { a: { b: {} } }, '2025-12-05', '9'.repeat(41)]; // prettier-ignore

/** Some value of a JSON document, or of a line of JSON Lines, becomes another, or goes. */
function replaceNode(bytes: Buffer, dice: Dice): Buffer {
  const lines = bytes.toString().split('\n');
  const at = dice.below(lines.length);
  let root: unknown;
  try {
    root = JSON.parse(lines[at]!);
  } catch {
    return splice(bytes, ...rangeIn(bytes, dice), dice.of(PIECES));
  }
  const places = [...placesIn(root)];
  if (places.length === 0) return Buffer.from('{}');
  const [node, name] = dice.of(places);
  if (dice.below(4) === 0) delete node[name];
  else node[name] = dice.of(ODD);
  lines[at] = JSON.stringify(root);
  return Buffer.from(lines.join('\n'));
}

/** All members of all lists and objects, with the name of each. */
function* placesIn(node: unknown): Generator<readonly [Record<string, unknown>, string]> {
  if (node === null || typeof node !== 'object') return;
  for (const name of Object.keys(node)) {
    yield [node as Record<string, unknown>, name];
    yield* placesIn((node as Record<string, unknown>)[name]);
  }
}

function replaceMatch(bytes: Buffer, dice: Dice, pattern: RegExp): Buffer {
  const text = bytes.toString();
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return splice(bytes, ...rangeIn(bytes, dice), dice.of(PIECES));
  const { index, 0: old } = dice.of(found);
  return Buffer.from(text.slice(0, index) + dice.of(PIECES).toString() + text.slice(index + old.length));
}

/** A file with one to three things wrong with it; the same for the same dice. */
export function mutated(bytes: Buffer, other: Buffer, dice: Dice, most = 20_000): Buffer {
  let result = bytes;
  for (let times = dice.of([1, 1, 1, 2, 3]); times > 0 && result.length > 0; times -= 1) result = dice.of(MUTATIONS)(result, dice, other);
  return result.subarray(0, most);
}
