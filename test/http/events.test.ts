import { get } from 'node:http';
import { createKey, revokeKey } from '../../src/access/keys';
import { MOST_LISTENERS } from '../../src/http/progressWatch';
import type { Progress } from '../../src/runner/progress';
import { DIALECTS } from '../stores';
import { serveTwoSnapshots, type Served } from './published';
import { raw, rawGraphql } from './raw';

/** A connection that reads server-sent events as the HTML standard describes them. */
interface Stream {
  readonly status: number;
  readonly type: string | undefined;
  readonly events: { readonly event: string; readonly data: Progress }[];
  readonly text: () => string;
  readonly ended: Promise<void>;
  close(): void;
}

const opened: Stream[] = [];
const listen = async (origin: string, headers: Record<string, string> = {}): Promise<Stream> => {
  const stream = await connect(origin, headers);
  opened.push(stream);
  return stream;
};

const connect = (origin: string, headers: Record<string, string>): Promise<Stream> =>
  new Promise((resolve, reject) => {
    const request = get(`${origin}/operations/events`, { headers, agent: false }, (reply) => {
      let text = '';
      const events: Stream['events'] = [];
      let rest = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop()!;
        for (const block of blocks) {
          const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
          if (fields['data'] !== undefined)
            events.push({ event: fields['event'] ?? 'message', data: JSON.parse(fields['data']) as Progress });
        }
      });
      const ended = new Promise<void>((done) => reply.on('close', () => done()));
      reply.on('error', () => undefined);
      resolve({
        status: reply.statusCode!,
        type: reply.headers['content-type'],
        events,
        text: () => text,
        ended,
        close: () => request.destroy(),
      });
    });
    request.on('error', reject);
  });

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Waited in vain: ${what}`);
}

describe.each(DIALECTS)('/operations/events on %s', (dialect) => {
  let served: Served;
  beforeAll(async () => {
    served = await serveTwoSnapshots(dialect);
  });
  afterAll(() => served.test_.close());
  afterEach(() => opened.splice(0).forEach((stream) => stream.close()));
  const mutate = async <T>(mutation: string): Promise<T> =>
    (JSON.parse((await rawGraphql(served.origin, `mutation { ${mutation} }`)).body) as { data: T }).data;

  it('tells the state at once, then how a backfill goes on, to its end', async () => {
    const stream = await listen(served.origin);
    expect([stream.status, stream.type]).toEqual([200, 'text/event-stream; charset=utf-8']);
    await until('the first event', () => stream.events.length > 0);
    const [first] = stream.events;
    expect(first!.event).toBe('progress');
    expect(first!.data.backfills).toEqual([]);
    expect(first!.data.jobs.map(({ name, missing }) => [name, missing])).toEqual([['accountDay', 0], ['posts', 0], ['interactions', 0]]); // prettier-ignore
    expect(first!.data.night).toMatchObject({ outcome: 'done' });

    const { planBackfill } = await mutate<{ planBackfill: { token: string; partitions: string[] } }>(
      'planBackfill(job: "posts", from: "2012-01-01", to: "2012-12-31", reason: "events") { token partitions }',
    );
    const { applyBackfill } = await mutate<{ applyBackfill: { id: string } }>(`applyBackfill(token: "${planBackfill.token}") { id }`);
    const id = Number(applyBackfill.id);
    const total = planBackfill.partitions.length;
    await until('the queued backfill', () => stream.events.some(({ data }) => data.backfills.some((one) => one.id === id)));
    expect(stream.events.at(-1)!.data.backfills).toEqual([
      { id, job: 'posts', status: 'queued', done: 0, failed: 0, total, etaSeconds: expect.anything() },
    ]);
    await served.test_.app.work();
    await until('the end of the backfill', () => stream.events.at(-1)!.data.backfills.length === 0);
    const seen = stream.events.flatMap(({ data }) => data.backfills).map(({ status, done }) => ({ status, done }));
    expect(seen.at(-1)).toEqual({ status: 'published', done: total });
    const dones = seen.map(({ done }) => done);
    expect(dones).toEqual([...dones].sort((a, b) => a - b));
    // Only changes are told.
    const told = stream.events.map(({ data }) => JSON.stringify(data));
    expect(told.filter((data, index) => data === told[index - 1])).toEqual([]);
  });

  it('is bounded, and a place is free when a connection ends', async () => {
    const streams = await Promise.all(Array.from({ length: MOST_LISTENERS }, () => listen(served.origin)));
    expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
    const refused = await raw(served.origin, '/operations/events');
    expect([refused.status, JSON.parse(refused.body)]).toEqual([
      413,
      { error: { code: 'LIMIT_EXCEEDED', message: expect.stringContaining(`${MOST_LISTENERS} connections listen already`) } },
    ]);
    streams[0]!.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const free = await listen(served.origin);
    expect(free.status).toBe(200);
  });

  it('is for admins, and ends when the key is revoked', async () => {
    const { store, clock } = served.test_.app;
    expect((await raw(served.origin, '/operations/events', { host: 'evil.example' })).status).toBe(403);
    const { secret } = await createKey(store, { role: 'admin', name: 'a' }, clock.now());
    const { secret: research } = await createKey(store, { role: 'researcher', name: 'r' }, clock.now());
    expect((await raw(served.origin, '/operations/events')).status).toBe(401);
    expect((await raw(served.origin, '/operations/events', { authorization: `Bearer ${research}` })).status).toBe(403);
    const stream = await listen(served.origin, { authorization: `Bearer ${secret}` });
    await until('the first event', () => stream.events.length > 0);
    await revokeKey(store, secret, clock.now());
    await stream.ended;
    expect(stream.text()).not.toContain(secret);
  }, 20_000);
});
