import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readFileSync } from 'node:fs';
import type { Change } from '../access/audit';
import { demand } from '../access/caller';
import { GovblogError, messageOf } from '../errors';
import { markup, type Markup } from '../export/markup';
import { projectPath } from '../paths';
import { changeOfApply, changeOfPlan, requestOf } from '../runner/backfillWords';
import { STEERINGS } from '../runner/operations';
import type { CallerOf } from './callers';
import { CONTENT_SECURITY_POLICY, HTML } from './pages';
import { pageOf } from './pages/layout';
import { operationsPage, planPage, refusalPage } from './pages/operationsPage';
import { documentOf, send } from './pages/send';
import { ASK_FIRST, challenge, statusOf } from './reads';
import type { HttpTools } from './server';

const [BACKFILLS, NIGHTS, RUNS, ENTRIES] = [20, 10, 20, 20];

/** `/operations`: how jobs, nights and backfills stand, and forms to steer them. For admins, who give their key when the browser asks. */
export function operationsRoutes(server: FastifyInstance, { operations, access, log }: HttpTools, callerOf: CallerOf): void {
  const script = documentOf('text/javascript; charset=utf-8', readFileSync(projectPath('src', 'http', 'pages', 'operations.js')));
  const page = (body: Markup, head = markup``): string => pageOf({ title: 'Govblog: operations', body, head });
  const live = markup`<script defer src="/operations/live.js"></script>\n`;
  const change = async <T>(request: FastifyRequest, what: Change, work: (by: string) => Promise<T>): Promise<T> =>
    access.audit.change(await callerOf(request), 'admin', what, work);
  const back = (reply: FastifyReply): FastifyReply => reply.redirect('/operations', 303);

  void server.register(async (pages) => {
    await pages.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { ...CONTENT_SECURITY_POLICY, formAction: ["'self'"], frameAncestors: ["'none'"] },
      },
      strictTransportSecurity: false,
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
      // Without a referrer a browser would send its forms with `Origin: null`, as a hostile page does.
      referrerPolicy: { policy: 'same-origin' },
    });
    pages.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(body as string))),
    );
    pages.setErrorHandler((error, request, reply) => {
      const [status, code, message] = refusalOf(error);
      if (status === 500) log('request.failed', { url: request.url, error: messageOf(error) });
      if (status === 401) void reply.header('www-authenticate', challenge(request));
      const body = pageOf({ title: 'Govblog: not done', body: refusalPage(code, message) });
      return reply.code(status).header('cache-control', 'no-store').type(HTML).send(body);
    });

    pages.get('/operations', async (request, reply) => {
      demand(await callerOf(request), 'admin', 'Operations');
      const seen = {
        jobs: await operations.jobs(),
        nights: await operations.nights(NIGHTS),
        findings: await operations.openFindings(),
        backfills: await operations.backfills({ limit: BACKFILLS }),
        runs: await operations.runs(RUNS),
        audit: await access.audit.list(ENTRIES),
      };
      return reply
        .header('cache-control', 'no-store')
        .type(HTML)
        .send(page(operationsPage(seen), live));
    });
    pages.get('/operations/live.js', async (request, reply) => send(request, reply, script, ASK_FIRST));
    pages.post('/operations/plan', async (request, reply) => {
      const { job, from, to, reason, platform, account } = fieldsOf(request, ['job', 'from', 'to', 'reason', 'platform', 'account']);
      const filter = { ...(platform && { platform: [platform] }), ...(account && { account: [account] }) };
      const asked = requestOf({ job, from, to, reason, filter });
      const plan = await change(request, changeOfPlan(asked), (by) => operations.plan(asked, by));
      return reply
        .header('cache-control', 'no-store')
        .type(HTML)
        .send(page(planPage(plan)));
    });
    pages.post('/operations/apply', async (request, reply) => {
      const { token } = fieldsOf(request, ['token']);
      await change(request, changeOfApply(token, await operations.planned(token)), (by) => operations.apply(token, by));
      return back(reply);
    });
    pages.post('/operations/steer', async (request, reply) => {
      const { id, what, reason } = fieldsOf(request, ['id', 'what', 'reason']);
      const step = STEERINGS.find((name) => name === what);
      if (step === undefined || !/^\d{1,9}$/.test(id))
        throw new GovblogError(
          'BAD_QUERY',
          `"${what}" of backfill "${id}" is nothing that can be done; there are: ${STEERINGS.join(', ')}.`,
        );
      const asked = { action: `${step}Backfill`, subject: `backfill ${id}`, reason: reason || null };
      await change(request, asked, (by) => operations.steer(step, Number(id), by, asked.reason));
      return back(reply);
    });
    pages.post('/operations/override', async (request, reply) => {
      const asked = fieldsOf(request, ['job', 'partition', 'audit', 'reason']);
      const what = { action: 'overrideAudit', subject: `${asked.job} ${asked.partition} ${asked.audit}`, reason: asked.reason };
      await change(request, what, (by) => operations.override({ ...asked, by }));
      return back(reply);
    });
    pages.post('/operations/night', async (request, reply) => {
      const { reason } = fieldsOf(request, ['reason']);
      await change(request, { action: 'runNight', subject: 'night', reason: reason || null }, async () => {
        if (!operations.runNight()) throw new GovblogError('CONFLICT', 'A night is running already: what is due is being built.');
      });
      return back(reply);
    });
  });
}

/** The fields of a form; what was not sent is empty. */
function fieldsOf<N extends string>({ body }: FastifyRequest, names: readonly N[]): Record<N, string> {
  const sent = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return Object.fromEntries(names.map((name) => [name, typeof sent[name] === 'string' ? sent[name].trim() : ''])) as Record<N, string>;
}

/** Status, code and sentence of anything that was thrown. */
function refusalOf(error: unknown): readonly [number, string, string] {
  if (error instanceof GovblogError) return [statusOf(error.code), error.code, error.message];
  const { statusCode } = error as { statusCode?: number };
  // What fastify itself refuses: a body of another kind, or too large.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return [statusCode, 'BAD_QUERY', `${messageOf(error)}.`];
  return [500, 'INTERNAL', 'Something went wrong on our side. The log tells more.'];
}
