import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { partOf } from '../../src/http/fileRoutes';
import { serveTwoSnapshots, type Served } from './published';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const bytesOf = async (reply: Response): Promise<Buffer> => Buffer.from(await reply.arrayBuffer());

let served: Served;
beforeAll(async () => {
  served = await serveTwoSnapshots();
});
afterAll(() => served.test_.close());
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(served.origin + path, { headers });

describe('the files of a snapshot', () => {
  const snapshotOf = async (id?: string) => (await (await served.test_.app.reader()).open(id)).snapshot;

  it('each is served under its hash, from the newest snapshot and from an older one', async () => {
    for (const id of [served.older, served.newest])
      for (const { uri, sha256: hash, bytes } of (await snapshotOf(id)).files) {
        const reply = await get(`/snapshots/${id}/files/${uri}`);
        expect([uri, reply.status, reply.headers.get('etag')]).toEqual([uri, 200, `"${hash}"`]);
        expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        expect(reply.headers.get('content-type')).toBe('application/vnd.apache.parquet');
        expect(reply.headers.get('content-length')).toBe(String(bytes));
        expect(reply.headers.get('x-govblog-snapshot')).toBe(id);
        expect(sha256(await bytesOf(reply))).toBe(hash);
      }
    const { uri, sha256: hash } = (await snapshotOf()).files[0]!;
    expect(sha256(await bytesOf(await get(`/files/${uri}`)))).toBe(hash);
    expect((await get(`/files/${uri}`, { 'if-none-match': `"${hash}"` })).status).toBe(304);
  });

  it('a file of an older snapshot stays where that snapshot is', async () => {
    const uris = new Set((await snapshotOf()).files.map(({ uri }) => uri));
    const gone = (await snapshotOf(served.older)).files.find(({ uri }) => !uris.has(uri))!;
    expect((await get(`/files/${gone.uri}`)).status).toBe(404);
    expect((await get(`/snapshots/${served.older}/files/${gone.uri}`)).status).toBe(200);
  });

  it('HEAD tells length and tag', async () => {
    const { uri, bytes, sha256: hash } = (await snapshotOf()).files[0]!;
    const { status, headers } = await fetch(`${served.origin}/files/${uri}`, { method: 'HEAD', headers: { range: 'bytes=0-3' } });
    expect([status, headers.get('content-length'), headers.get('etag'), headers.get('accept-ranges')]).toEqual([
      200,
      String(bytes),
      `"${hash}"`,
      'bytes',
    ]);
  });

  it('parts are what they say, as long as the content is the one the client has', async () => {
    const { uri, bytes, sha256: hash } = (await snapshotOf()).files[0]!;
    const whole = await bytesOf(await get(`/files/${uri}`));
    for (const [range, start, end] of [
      ['bytes=0-3', 0, 3],
      ['bytes=-8', bytes - 8, bytes - 1],
      [`bytes=${bytes - 1}-`, bytes - 1, bytes - 1],
      [`bytes=4-${bytes * 2}`, 4, bytes - 1],
    ] as const) {
      const reply = await get(`/files/${uri}`, { range, 'if-range': `"${hash}"` });
      expect([reply.status, reply.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/${bytes}`]);
      expect((await bytesOf(reply)).equals(whole.subarray(start, end + 1))).toBe(true);
    }
    expect((await get(`/files/${uri}`, { range: 'bytes=0-3', 'if-range': '"other"' })).status).toBe(200);
    const beyond = await get(`/files/${uri}`, { range: `bytes=${bytes}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${bytes}`]);
  });

  it('nothing else of the disk is served', async () => {
    const { files, config } = served.test_.app;
    const stray = files.pathOf('activity/2012-01/unpublished.parquet');
    mkdirSync(dirname(stray), { recursive: true });
    writeFileSync(stray, 'PAR1');
    const paths = ['activity/2012-01/unpublished.parquet', '..%2f..%2fgovblog.sqlite', '%2e%2e/govblog.sqlite', '', config.dataDir];
    for (const path of paths) {
      const reply = await get(`/files/${path}`);
      expect([path, reply.status]).toEqual([path, 404]);
    }
    expect((await get(`/snapshots/nope/files/${(await snapshotOf()).files[0]!.uri}`)).status).toBe(404);
  });

  it('a file that is not as long as its snapshot says is not sent', async () => {
    const { uri, bytes } = (await snapshotOf()).files[0]!;
    const path = served.test_.app.files.pathOf(uri);
    appendFileSync(path, 'x');
    try {
      const reply = await get(`/files/${uri}`);
      expect([reply.status, reply.headers.get('etag'), reply.headers.get('cache-control')]).toEqual([500, null, 'no-store']);
      expect(await reply.json()).toEqual({ error: { code: 'INTERNAL', message: expect.stringContaining('log') } });
    } finally {
      truncateSync(path, bytes);
    }
    expect((await get(`/files/${uri}`)).status).toBe(200);
  });
});

describe('partOf', () => {
  const content = Buffer.from(Array.from({ length: 40 }, (_, index) => index));

  it('is what slicing gives, for any first, last and length', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(50), fc.nat(50), (length, first, more) => {
        const bytes = content.subarray(0, length);
        const read = (range: string): Buffer | string => {
          const part = partOf(range, length);
          return typeof part === 'string' ? part : bytes.subarray(part.start, part.end + 1);
        };
        const expected = (slice: Buffer): Buffer | string => (slice.length === 0 ? 'none' : slice);
        expect(read(`bytes=${first}-${first + more}`)).toEqual(expected(bytes.subarray(first, first + more + 1)));
        expect(read(`bytes=${first}-`)).toEqual(expected(bytes.subarray(first)));
        expect(read(`bytes=-${more}`)).toEqual(expected(more === 0 ? Buffer.alloc(0) : bytes.subarray(-more)));
      }),
    );
  });

  it.each(['', 'bytes=-', 'bytes=3-1', 'bytes=0-1,4-5', 'lines=0-1', 'bytes=a-b'])('"%s" asks for no part that it knows', (range) => {
    expect(partOf(range, 40)).toBe('all');
  });
});
