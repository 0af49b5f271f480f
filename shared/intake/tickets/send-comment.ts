import { problem, type Result } from '../../errors.ts';
import type { CommentEvent, Connector } from './connector.ts';
import { evaluate } from './evaluate.ts';
import { callGuarded, type Outside } from './guarded-call.ts';

/** What a comment's template may name, as {{vm}}, {{id}}, {{address}} and {{summary}}. */
export interface CommentFacts {
  readonly vm: string;
  readonly id: string;
  readonly address: string;
  readonly summary: string;
}

/** What sending needs from outside. */
export interface CommentDependencies extends Outside {
  readonly settings: Readonly<Record<string, string | undefined>>;
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
  if (!comments) return refuse(`Connector ${connector.name} takes no comments.`);
  const body = await evaluate(comments.body, { text: fill(comments.templates[event], facts) });
  if (!body.ok) return refuse(`The comment expression of connector ${connector.name} fails.`);
  const headers = fillHeaders(comments.headers, deps.settings);
  if (!headers) return refuse(`A setting that connector ${connector.name} needs for comments is empty.`);
  const { method, allowedHosts } = comments;
  const call = {
    address: replyTo,
    allowedHosts,
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body.value),
  };
  const delivered = await callGuarded(call, 'the ticket system', deps);
  if (delivered.kind === 'sent') return { ok: true, value: undefined };
  return delivered.kind === 'refused' ? refuse(delivered.why) : later(delivered.why);
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
