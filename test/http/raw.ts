import { request } from 'node:http';

export interface RawReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request with exactly these headers, also `Host`, which `fetch` does not let one choose. */
export const raw = (origin: string, path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<RawReply> =>
  new Promise((resolve, reject) => {
    const sent = request(origin + path, { method, headers, setHost: headers['host'] === undefined }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () => resolve({ status: reply.statusCode!, headers: reply.headers, body: Buffer.concat(chunks).toString('utf8') }));
    });
    sent.on('error', reject);
    sent.end(body);
  });

/** A GraphQL document by POST. */
export const rawGraphql = (origin: string, query: string, headers: Record<string, string> = {}): Promise<RawReply> =>
  raw(origin, '/graphql', { 'content-type': 'application/json', ...headers }, 'POST', JSON.stringify({ query }));

/** `ok`, or the code by which a reply refuses. */
export function outcomeOf({ status, body }: RawReply): string {
  if (status < 400 && !body.startsWith('{"errors"') && !/"errors":\[/.test(body)) return 'ok';
  const reply = JSON.parse(body) as { error?: { code: string }; errors?: { extensions: { code: string } }[] };
  return reply.error?.code ?? reply.errors![0]!.extensions.code;
}
