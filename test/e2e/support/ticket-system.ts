import { createServer } from 'node:https';
import { selfSigned } from '../../shared/probe/certificates.ts';

/** A call as a ticket system got it. */
export interface ReceivedComment {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** A ticket system on loopback, with the certificate of the host that it stands in for. */
export interface TicketSystem {
  readonly port: number;
  readonly ca: string;
  readonly received: ReceivedComment[];
  /** The next comments that hold this text are answered so, instead of 201. */
  answerOnce(text: string, status: number, location?: string): void;
  close(): Promise<void>;
}

export async function startTicketSystem(host: string): Promise<TicketSystem> {
  const identity = await selfSigned(`CN=${host}`, '2020-01-01', '2040-01-01');
  const received: ReceivedComment[] = [];
  const planned: { text: string; status: number; location: string }[] = [];
  const server = createServer(identity, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { method = '', url = '', headers } = request;
      received.push({ method, path: url, authorization: headers.authorization ?? '', headers, body });
      const at = planned.findIndex(({ text }) => body.includes(text));
      const [plan] = at < 0 ? [] : planned.splice(at, 1);
      response.writeHead(plan?.status ?? 201, plan ? { location: plan.location } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : 0,
    ca: identity.cert,
    received,
    answerOnce: (text, status, location = '') => void planned.push({ text, status, location }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

/** What ServiceNow sends of a new incident about a VM; `text` stands wherever people write. */
export function incidentFor(vmId: string, sysId: string, text: string): unknown {
  return {
    sys_id: sysId,
    number: 'INC0010023',
    state: '1',
    short_description: text,
    description: `No RDP on ${vmId} any more, ${text}.`,
  };
}

/** What GitHub sends as an issue about a VM is given the label. */
export function issueFor(vmId: string, commentsPath: string, text: string): unknown {
  return {
    action: 'labeled',
    label: { name: 'rdp-medic' },
    repository: { full_name: 'contoso/fleet-ops' },
    issue: {
      state: 'open',
      number: 42,
      title: text,
      body: `Cannot sign in to ${vmId} (${text})`,
      comments_url: `https://api.github.com${commentsPath}`,
      updated_at: new Date().toISOString(),
    },
  };
}
