import { createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GovblogError } from '../errors';
import { lockMarks } from '../store/marks';
import type { Store } from '../store/store';

/** The keyed hash by which a citizen is known: equal for one person of one platform, and meaningless without the key. */
export type CitizenHash = (platform: string, id: string) => string;

const FILE = 'citizen.key';
const KEY_BYTES = 32;
const HASH_CHARACTERS = 32;
const PROPERTY = 'citizen_key_check';

/**
 * Opens the key of the data folder, making one where there is none. The store remembers a check of the key, so that
 * another folder on the same store cannot quietly give the same person a second hash.
 */
export async function openCitizenHash(store: Store, dataDir: string): Promise<CitizenHash> {
  const file = join(dataDir, FILE);
  const [known] = await store.query<{ value: string }>('SELECT value FROM store_property WHERE name = ?', [PROPERTY]);
  if (!existsSync(file)) {
    if (known)
      throw new GovblogError(
        'CONFLICT',
        `The store holds hashes of citizens made with a key that is not in ${dataDir}. Copy ${FILE} from the data folder that loaded them.`,
      );
    makeKey(dataDir, file);
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'hex');
  if (key.length !== KEY_BYTES) throw new GovblogError('BAD_INPUT', `${file} is not a key of ${KEY_BYTES} bytes in hexadecimal.`);
  const check = createHash('sha256').update('govblog citizen key ').update(key).digest('hex').slice(0, HASH_CHARACTERS);
  if ((known?.value ?? (await keepCheck(store, check))) !== check)
    throw new GovblogError(
      'CONFLICT',
      `${file} is not the key that the store's hashes of citizens were made with. Put the right one there.`,
    );
  return (platform, id) => createHmac('sha256', key).update(`${platform}:${id}`).digest('hex').slice(0, HASH_CHARACTERS);
}

/** Two first loads at once: one of them makes the file, and both read it, never half of it. */
function makeKey(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true });
  const whole = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(whole, randomBytes(KEY_BYTES).toString('hex') + '\n', { mode: 0o600, flag: 'wx' });
  try {
    linkSync(whole, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(whole);
  }
}

/** Keeps the check, and answers the one that is kept: of two first loads at once from two folders, one has the right key. */
const keepCheck = (store: Store, check: string): Promise<string> =>
  store.write(async (tx) => {
    await lockMarks(store, tx);
    const [known] = await tx.query<{ value: string }>('SELECT value FROM store_property WHERE name = ?', [PROPERTY]);
    if (!known) await tx.insert('store_property', ['name', 'value'], [[PROPERTY, check]]);
    return known?.value ?? check;
  });
