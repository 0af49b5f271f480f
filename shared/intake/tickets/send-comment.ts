import { problem, type Result } from '../../errors.ts';
import type { CommentEvent, Connector } from './connector.ts';
import { evaluate } from './evaluate.ts';
import { isPublicAddress } from '../../public-address.ts';
import { isAllowedAddress } from './reply-address.ts';
import type { PinnedCall, PinnedResponse } from './pinned-call.ts';

/** What a comment's template may name, as {{vm}}, {{id}}, {{address}} and {{summary}}. */
export interface CommentFacts {
  readonly vm: string;
  readonly id: string;
  readonly address: string;
  readonly summary: string;
}

/** What sending needs from outside. */
export interface CommentDependencies {
  readonly settings: Readonly<Record<string, string | undefined>>;
  /** All addresses of a host. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly call: (call: PinnedCall) => Promise<PinnedResponse>;
}

const LONGEST_COMMENT = 4000;

/**
 * Tells a ticket how its remediation goes on. The address is checked here again, whatever it went through
 * before: host on the connector's list, every resolved address public, and the call goes to the very
 * address that was checked. Problems: `CommentRefused` (final), `CommentNotDelivered` (worth a retry).
 */
export async function sendComment(
  connector: Connector,
  replyTo: string,
  event: CommentEvent,
  facts: CommentFacts,
  deps: CommentDependencies,
): Promise<Result<undefined>> {
  const { comments } = connector;
  if (!comments || !isAllowedAddress(replyTo, comments.allowedHosts)) {
    return refuse(`The address is not on the list of hosts of connector ${connector.name}.`);
  }
  const url = new URL(replyTo);
  const body = await evaluate(comments.body, { text: fill(comments.templates[event], facts) });
  if (!body.ok) return refuse(`The comment expression of connector ${connector.name} fails.`);
  const headers = fillHeaders(comments.headers, deps.settings);
  if (!headers) return refuse(`A setting that connector ${connector.name} needs for comments is empty.`);
  try {
    const addresses = await deps.resolve(url.hostname);
    const [address] = addresses;
    if (address === undefined) return later('The host of the ticket system has no address.');
    if (!addresses.every(isPublicAddress))
      return refuse('The host resolves to an address that is not public.');
    const { status } = await deps.call({
      url,
      address,
      method: comments.method,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body.value),
    });
    return judge(status);
  } catch {
    // The error may repeat headers, and with them the credential: only that it failed is told.
    return later('The ticket system could not be reached.');
  }
}

function judge(status: number): Result<undefined> {
  if (status >= 200 && status < 300) return { ok: true, value: undefined };
  if (status === 408 || status === 429 || status >= 500)
    return later(`The ticket system answered ${status}.`);
  return refuse(
    status >= 300 && status < 400
      ? `The ticket system answered ${status}, a redirect, which is not followed.`
      : `The ticket system answered ${status}.`,
  );
}

/** Facts are text, and stay it: what would be markup or a control character in a ticket is taken out. */
function fill(template: string, facts: CommentFacts): string {
  const values = new Map<string, string>(Object.entries(facts));
  return template
    .replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => plain(values.get(name) ?? whole))
    .slice(0, LONGEST_COMMENT);
}

function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}<>`|]/gu, ' ').replaceAll('@', '(at)');
}

function fillHeaders(
  headers: Readonly<Record<string, string>>,
  settings: CommentDependencies['settings'],
): Record<string, string> | undefined {
  const missing = new Set<string>();
  const filled = Object.entries(headers).map(([name, template]): [string, string] => {
    const value = template.replaceAll(/\$\{([A-Z0-9_]+)\}/g, (_whole, setting: string) => {
      const secret = settings[setting] ?? '';
      if (secret === '') missing.add(setting);
      return secret;
    });
    return [name, value];
  });
  return missing.size === 0 ? Object.fromEntries(filled) : undefined;
}

function refuse(message: string): Result<never> {
  return { ok: false, problem: problem('CommentRefused', message) };
}

function later(message: string): Result<never> {
  return { ok: false, problem: problem('CommentNotDelivered', message) };
}
