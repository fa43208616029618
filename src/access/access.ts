import { userInfo } from 'node:os';
import type { Clock } from '../clock';
import { GovblogError, messageOf } from '../errors';
import type { Log } from '../log';
import type { Store } from '../store/store';
import { openAudit, type Audit } from './audit';
import { crossSiteDoubt, isLoopbackName, loopbackDoubt, type Approach, type Caller } from './caller';
import { guardOf, keyOf, noteUse, type Guard } from './keys';

/** Who may do what, as the store says at this moment. */
export interface Access {
  readonly audit: Audit;
  /** Who sent a request; UNAUTHENTICATED when it carries something that is no key in force. */
  callerOf(approach: Approach, authorization: string | undefined): Promise<Caller>;
  /** Which keys there are and have been. */
  guard(): Promise<Guard>;
  /** Throws when a server must not listen at this address: there is no key to ask for. */
  demandListening(host: string, keyless: 'loopback' | 'anywhere'): Promise<void>;
}

/** `publicUrl`: the address that others know the server by, or empty. */
export function openAccess(store: Store, clock: Clock, log: Log, publicUrl: string): Access {
  // Keys are never deleted, so what is once guarded need not be asked again.
  let guarded = { everKey: false, everAdmin: false };
  const guard = async (): Promise<typeof guarded> => (guarded.everKey && guarded.everAdmin ? guarded : (guarded = await guardOf(store)));

  const ofKey = async (secret: string, doubt: string | null): Promise<Caller> => {
    const key = await keyOf(store, secret);
    noteUse(store, key, clock.now()).catch((error: unknown) => log('key.failed', { key: key.id, error: messageOf(error) }));
    return { kind: 'key', name: `${key.id} (${key.name})`, role: key.role, doubt };
  };

  return {
    audit: openAudit(store, clock, log),
    callerOf: async (approach, authorization) => {
      if (authorization !== undefined) {
        const [scheme, given] = schemeOf(authorization);
        if (scheme === 'bearer') return ofKey(given, null);
        // A browser repeats the key by itself, also for forms of other sites.
        if (scheme === 'basic') return ofKey(passwordOf(given), crossSiteDoubt(approach, publicUrl));
        throw new GovblogError('UNAUTHENTICATED', 'Authorization takes `Bearer gb_…`, or Basic with the key as password.');
      }
      const { everKey, everAdmin } = await guard();
      if (everAdmin) return ANONYMOUS;
      const doubt = loopbackDoubt(approach, publicUrl);
      if (doubt === null) return LOOPBACK;
      return everKey ? ANONYMOUS : { ...ANONYMOUS, role: 'researcher', doubt };
    },
    guard: () => guardOf(store),
    demandListening: async (host, keyless) => {
      if (isLoopbackName(host) || keyless === 'anywhere' || (await guardOf(store)).usable) return;
      throw new GovblogError(
        'BAD_SETTING',
        `GOVBLOG_HOST is "${host}", and without a key Govblog listens on this machine alone. Make one first: \`govblog keys create --role admin --name "…"\`. (GOVBLOG_KEYLESS=anywhere lets everybody who reaches the server read everything and change nothing.)`,
      );
    },
  };
}

const ANONYMOUS: Caller = { kind: 'anonymous', name: 'anonymous', role: 'anonymous', doubt: null };
const LOOPBACK: Caller = { kind: 'loopback', name: 'loopback', role: 'admin', doubt: null };

/** Whoever may run commands on the machine is an admin. */
export function commandLine(): Caller {
  return { kind: 'command line', name: `command line (${userName()})`, role: 'admin', doubt: null };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the number of the user may have no name.
    return String(process.getuid?.() ?? 'unknown');
  }
}

const schemeOf = (authorization: string): [string, string] => {
  const match = /^(\S+)\s+(.*?)\s*$/.exec(authorization);
  return [match?.[1]?.toLowerCase() ?? '', match?.[2] ?? ''];
};

const passwordOf = (credentials: string): string => {
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
};
