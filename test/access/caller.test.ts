import {
  crossSiteDoubt,
  demand,
  demandChange,
  isLoopbackAddress,
  isLoopbackName,
  loopbackDoubt,
  type Approach,
  type Caller,
} from '../../src/access/caller';

const HERE: Approach = { remoteAddress: '127.0.0.1', host: 'localhost:4000', origin: undefined, fetchSite: undefined, forwarded: false };

describe('a request without a key', () => {
  it.each<[string, Partial<Approach>, string?]>([
    ['a command on this machine', {}],
    ['the same by IPv6', { remoteAddress: '::1', host: '[::1]:4000' }],
    ['the same as a dual socket writes it', { remoteAddress: '::ffff:127.0.0.1', host: '127.0.0.1:4000' }],
    ['a page of this server', { origin: 'http://localhost:4000', fetchSite: 'same-origin' }],
    ['an address that was typed', { fetchSite: 'none', host: 'LOCALHOST' }],
    ['this machine, where the public address is its own', {}, 'http://localhost:4000'],
  ])('is taken for this machine: %s', (_, approach, publicUrl = '') => {
    expect(loopbackDoubt({ ...HERE, ...approach }, publicUrl)).toBeNull();
  });

  it.each<[string, Partial<Approach>, RegExp, string?]>([
    ['another machine', { remoteAddress: '192.0.2.7' }, /only this machine itself/],
    ['another machine by IPv6', { remoteAddress: '2001:db8::1' }, /only this machine itself/],
    ['another machine that says it is localhost', { remoteAddress: '10.0.0.1', host: 'localhost' }, /only this machine itself/],
    ['a name that DNS made lead here', { host: 'evil.example:4000' }, /the name "evil.example:4000"/],
    ['a name that begins like one of ours', { host: 'localhost.evil.example' }, /the name/],
    ['a name that begins like an address', { host: '127.0.0.1.evil.example' }, /the name/],
    ['no name', { host: undefined }, /the name/],
    ['a page of another site', { origin: 'https://evil.example' }, /another site \(https:\/\/evil\.example\)/],
    ['a page of another port', { origin: 'http://localhost:5000' }, /another site/],
    ['a page without an origin of its own', { origin: 'null' }, /another site \(null\)/],
    ['a form elsewhere that shows no origin', { fetchSite: 'cross-site' }, /another site \(cross-site\)/],
    ['a page of a neighbouring name', { fetchSite: 'same-site' }, /another site/],
    ['a proxy', { forwarded: true }, /proxy/],
    ['a server with a public face', {}, /proxy/, 'https://govblog.example.org'],
  ])('is not: %s', (_, approach, why, publicUrl = '') => {
    expect(loopbackDoubt({ ...HERE, ...approach }, publicUrl)).toMatch(why);
  });
});

it('a page of the public address is no other site, whatever name a proxy passes on', () => {
  const approach = { ...HERE, host: '10.0.0.2:4000', origin: 'https://govblog.example.org' };
  expect(crossSiteDoubt(approach, 'https://govblog.example.org')).toBeNull();
  expect(crossSiteDoubt(approach, '')).toMatch(/another site/);
});

it('knows the addresses and names of this machine', () => {
  expect(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', '128.0.0.1', '0.0.0.0', '::', '127.0.0.1.x'].map(isLoopbackAddress)).toEqual(
    [true, true, true, true, false, false, false, false], // prettier-ignore
  );
  expect(['localhost', 'LocalHost', '[::1]', '127.0.0.1', '0.0.0.0', 'example.org', ''].map(isLoopbackName)).toEqual(
    [true, true, true, true, false, false, false], // prettier-ignore
  );
});

describe('what a caller may', () => {
  const caller = (kind: Caller['kind'], role: Caller['role'], doubt: string | null = null): Caller => ({ kind, name: kind, role, doubt });
  const codeOf = (work: () => void): string => {
    try {
      work();
      return 'ok';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it.each<[Caller, string, string, string]>([
    [caller('key', 'admin'), 'ok', 'ok', 'ok'],
    [caller('loopback', 'admin'), 'ok', 'ok', 'ok'],
    [caller('key', 'researcher'), 'ok', 'FORBIDDEN', 'FORBIDDEN'],
    [caller('anonymous', 'anonymous'), 'UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
    [caller('anonymous', 'researcher', 'Because.'), 'ok', 'FORBIDDEN', 'FORBIDDEN'],
    [caller('key', 'admin', 'Because.'), 'ok', 'ok', 'FORBIDDEN'],
  ])('%j', (who, research, administer, change) => {
    expect([
      codeOf(() => demand(who, 'anonymous', 'x')),
      codeOf(() => demand(who, 'researcher', 'x')),
      codeOf(() => demand(who, 'admin', 'x')),
      codeOf(() => demandChange(who, 'admin', 'x')),
    ]).toEqual(['ok', research, administer, change]);
  });
});
