import { ValueError } from './values';

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Seven digits of the number are four characters of the address. */
const DIGITS = 7;
const CHARACTERS = 4;
const LARGEST = 9_999_999;

/**
 * The number of a Weibo post from the base-62 name in its address: `P2zg6g0ma` → `5106121943814622`. The name is cut into
 * groups of four characters from its end, and each group stands for seven decimal digits.
 */
export function midOf(field: string, bid: string): string {
  if (!/^[0-9A-Za-z]{1,12}$/.test(bid)) throw new ValueError(field, `"${bid}" is not the base-62 name of a Weibo post.`);
  const groups: string[] = [];
  for (let end = bid.length; end > 0; end -= CHARACTERS) {
    let value = 0;
    for (const character of bid.slice(Math.max(0, end - CHARACTERS), end)) value = value * ALPHABET.length + ALPHABET.indexOf(character);
    if (value > LARGEST) throw new ValueError(field, `"${bid}" is not the base-62 name of a Weibo post.`);
    groups.unshift(end > CHARACTERS ? String(value).padStart(DIGITS, '0') : String(value));
  }
  return groups.join('').replace(/^0+(?=\d)/, '');
}

/** The base-62 name of a Weibo post from its number: the inverse of `midOf`. */
export function bidOf(mid: string): string {
  const groups: string[] = [];
  for (let end = mid.length; end > 0; end -= DIGITS) {
    let value = Number(mid.slice(Math.max(0, end - DIGITS), end));
    let text = '';
    do {
      text = ALPHABET[value % ALPHABET.length]! + text;
      value = Math.floor(value / ALPHABET.length);
    } while (value > 0);
    groups.unshift(end > DIGITS ? text.padStart(CHARACTERS, '0') : text);
  }
  return groups.join('');
}
