import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Lab } from '../../../../lab/arm/start-lab.ts';

export interface WireAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed JSON; `undefined` without a body. */
  body: unknown;
}

/** A bare request with a valid token, for what the SDK clients would not send or would not show. */
export function send(
  lab: Lab,
  method: string,
  path: string,
  body?: unknown,
  more: Record<string, string> = {},
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const headers = {
      Authorization: `Bearer ${lab.identity.issue()}`,
      'Content-Type': 'application/json',
      ...more,
    };
    const outgoing = request(`${lab.url}${path}`, { method, headers, ca: lab.caPem }, (response) => {
      text(response).then((answer) => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: answer === '' ? undefined : JSON.parse(answer),
        });
      }, reject);
    });
    outgoing.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Every member of a JSON value as `path: type`, the elements of an array taken together. */
export function shapeOf(value: unknown, path = ''): Set<string> {
  if (Array.isArray(value)) {
    return new Set([`${path}: array`, ...value.flatMap((item: unknown) => [...shapeOf(item, `${path}[]`)])]);
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).flatMap(([name, member]) => [
      ...shapeOf(member, `${path}.${name}`),
    ]);
    return new Set([`${path}: object`, ...members]);
  }
  return new Set([`${path}: ${value === null ? 'null' : typeof value}`]);
}
