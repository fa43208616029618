import { GovblogError } from '../errors';

/** Each may do what those before it may. */
export const ROLES = ['anonymous', 'researcher', 'admin'] as const;
export type Role = (typeof ROLES)[number];
/** What a key can be of. */
export const KEY_ROLES = ['researcher', 'admin'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** Who asks. */
export interface Caller {
  readonly kind: 'key' | 'loopback' | 'command line' | 'anonymous';
  /** As the audit log names it: `gb_ab12cd34 (Grafana)`, `loopback`, `command line (ann)`, `anonymous`. */
  readonly name: string;
  /** What it may read. */
  readonly role: Role;
  /** Why it may change nothing, as a sentence; null when it may change what its role may. */
  readonly doubt: string | null;
}

export const holds = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

const CREATE = (role: Role): string => `\`govblog keys create --role ${role} --name "…"\` makes one`;

/** Throws unless the caller may read what is for this role: UNAUTHENTICATED when a key would help, FORBIDDEN when its own does not. */
export function demand(caller: Caller, role: Role, what: string): void {
  if (holds(caller.role, role)) return;
  if (caller.kind === 'key')
    throw new GovblogError('FORBIDDEN', `${what}: this is for keys of the role ${role}, and ${caller.name} is of the role ${caller.role}.`);
  if (caller.doubt !== null) throw new GovblogError('FORBIDDEN', `${what}: this is for ${role}s. ${caller.doubt}`);
  throw new GovblogError(
    'UNAUTHENTICATED',
    `${what}: this needs a key of the role ${role}. Send \`Authorization: Bearer gb_…\`; on the server, ${CREATE(role)}.`,
  );
}

/** Throws unless the caller may change what is for this role. */
export function demandChange(caller: Caller, role: Role, what: string): void {
  demand(caller, role, what);
  if (caller.doubt !== null) throw new GovblogError('FORBIDDEN', `${what}: nothing is changed for this request. ${caller.doubt}`);
}

/** What a request shows of where it comes from. */
export interface Approach {
  /** Address of the other end of the connection. */
  readonly remoteAddress: string;
  /** `Host`, `Origin` and `Sec-Fetch-Site` as they were sent. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  /** Whether a proxy says that it passed the request on. */
  readonly forwarded: boolean;
}

/** 127.0.0.0/8, ::1, and the former as IPv6 writes it. */
export const isLoopbackAddress = (address: string): boolean => /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/.test(address);

/** Whether a name without port is this machine's own: what DNS says of any other name is up to whoever owns it. */
export const isLoopbackName = (name: string): boolean =>
  name.toLowerCase() === 'localhost' || isLoopbackAddress(name.replace(/^\[|\]$/g, ''));

const nameOf = (host: string): string => host.replace(/:\d*$/, '');
/** Host and port of an address, or null when it is none (`Origin: null`). */
const hostOf = (address: string): string | null => (URL.canParse(address) ? new URL(address).host : null);

/** Why a request that may carry credentials of its own accord cannot be taken as its user's wish; null when it can. */
export function crossSiteDoubt({ host, origin, fetchSite }: Approach, publicUrl: string): string | null {
  const own = [host?.toLowerCase(), publicUrl === '' ? undefined : hostOf(publicUrl)];
  const sites = fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none';
  if (sites && (origin === undefined || own.includes(hostOf(origin) ?? ''))) return null;
  return `It was sent by a page of another site (${origin ?? fetchSite}); scripts elsewhere send \`Authorization: Bearer gb_…\`.`;
}

/**
 * Why a request without a key is not taken to come from whoever sits at this machine; null when it is. The address alone does not
 * tell: a page of another site asks from this machine too, under its own name (DNS rebinding) or with its own origin, and so does a proxy.
 */
export function loopbackDoubt(approach: Approach, publicUrl: string): string | null {
  const remedy = `On the server, ${CREATE('admin')}; send it as \`Authorization: Bearer gb_…\`.`;
  const { remoteAddress, host, forwarded } = approach;
  if (!isLoopbackAddress(remoteAddress)) return `Without a key only this machine itself may change anything. ${remedy}`;
  if (forwarded || (publicUrl !== '' && !isLoopbackName(new URL(publicUrl).hostname)))
    return `A request that a proxy may have passed on needs a key. ${remedy}`;
  if (host === undefined || !isLoopbackName(nameOf(host)))
    return `It was sent to the name "${host ?? ''}"; without a key only localhost is taken for this machine. ${remedy}`;
  return crossSiteDoubt(approach, publicUrl);
}
