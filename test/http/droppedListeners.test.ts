import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createKey } from '../../src/access/keys';
import { MOST_LISTENERS } from '../../src/http/progressWatch';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS } from '../stores';

describe.each(DIALECTS)('whoever hangs up before the events begin, on %s', (dialect) => {
  let test_: TestApp;
  let address: URL;
  let authorization: string;
  beforeAll(async () => {
    test_ = await openTestApp(dialect);
    const { secret } = await createKey(test_.app.store, { role: 'admin', name: 'monitor' }, test_.app.clock.now());
    authorization = `Bearer ${secret}`;
    address = new URL((await test_.serve()).address);
  });
  afterAll(() => test_.close());

  /** Asks for the events and is gone as soon as the request is sent. */
  const hangUp = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(Number(address.port), address.hostname, () => {
        socket.write(`GET /operations/events HTTP/1.1\r\nHost: ${address.host}\r\nAuthorization: ${authorization}\r\n\r\n`, () =>
          socket.destroy(),
        );
      });
      socket.once('close', () => resolve());
    });

  test('takes no place of those who listen', async () => {
    for (let round = 0; round < 4; round += 1) await Promise.all(Array.from({ length: MOST_LISTENERS }, hangUp));
    await wait(500);
    const ending = new AbortController();
    const replies = await Promise.all(
      Array.from({ length: MOST_LISTENERS }, () =>
        fetch(new URL('/operations/events', address), { headers: { authorization }, signal: ending.signal }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    ending.abort();
  });
});
