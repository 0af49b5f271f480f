import { hearDate } from './time.js';

/** An answer that is none of those asked for: problem details, or nothing at all. */
export class Refusal extends Error {
  /**
   * @param {number} status of the answer; 0 where there was none
   * @param {{ detail?: string, next?: string, code?: string }} problem
   */
  constructor(status, problem) {
    super(problem.detail ?? 'The service does not respond.');
    this.status = status;
    this.next = problem.next ?? '';
    this.code = problem.code ?? '';
  }
}

/**
 * Asks the service; the session goes along by itself.
 * @param {string} path
 * @param {{ method?: string, headers?: Record<string, string>, body?: object, signal?: AbortSignal }} [options]
 * @returns {Promise<any>} the JSON of the answer
 * @throws {Refusal}
 */
async function ask(path, { method = 'GET', headers = {}, body, signal } = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        // No other site can send it: what changes something is taken from this page alone.
        'x-rdp-medic-page': '1',
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body ? JSON.stringify(body) : null,
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'manual',
      ...(signal && { signal }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Refusal(0, {});
  }
  // App Service authentication may answer a session that has ended with a redirect to its sign-in.
  if (response.type === 'opaqueredirect') throw new Refusal(401, { detail: STATUS[401] ?? '' });
  hearDate(response.headers.get('date'));
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const answer = isJson ? await response.json() : {};
  if (!response.ok) throw new Refusal(response.status, { detail: STATUS[response.status], ...answer });
  return answer;
}

/** What an answer without words means. @type {Readonly<Record<number, string>>} */
const STATUS = {
  401: 'The key is wrong, or the session has expired.',
  403: 'You are not allowed to do this.',
  404: 'Not found.',
  503: 'The service is starting or unavailable.',
};

const ROOT = '/page/api';

/** @param {string} id */
const of = (id) => `${ROOT}/remediations/${encodeURIComponent(id)}`;

/** Header in which an approver sends the secret of approvers. @param {string} secret @returns {Record<string, string>} */
const approver = (secret) => (secret === '' ? {} : { 'x-rdp-medic-approver': secret });

export const api = {
  /** @returns {Promise<import('../../shared/model/page-answers.ts').MeAnswer>} */
  me: () => ask('/page/me'),
  /** @param {string} key */
  signIn: (key) => ask('/page/sign-in', { method: 'POST', headers: { 'x-functions-key': key }, body: {} }),
  signOut: () => ask('/page/sign-out', { method: 'POST', body: {} }),

  /** @param {URLSearchParams} query @param {AbortSignal} [signal] */
  list: (query, signal) => ask(`${ROOT}/remediations?${query.toString()}`, { ...(signal && { signal }) }),
  /** @param {number} days @param {AbortSignal} [signal] */
  counts: (days, signal) => ask(`${ROOT}/counts?days=${days}`, { ...(signal && { signal }) }),
  /** @param {AbortSignal} [signal] */
  queue: (signal) => ask(`${ROOT}/queue`, { ...(signal && { signal }) }),
  /** @param {string} id @param {AbortSignal} [signal] */
  record: (id, signal) => ask(of(id), { ...(signal && { signal }) }),

  /** @param {string} id */
  reportAddress: (id) => `${of(id)}/report`,
  /** @param {string} id @param {string} url where it is kept; the name there is the name here */
  evidenceAddress: (id, url) => `${of(id)}/evidence/${url.split('/').at(-1) ?? ''}`,

  /** @param {string} id @param {{ approved: boolean, plan: string }} body @param {string} secret */
  approve: (id, body, secret) =>
    ask(`${of(id)}/approval`, { method: 'POST', body, headers: approver(secret) }),
  /** @param {string} id @param {{ by?: string, leaveStopped: boolean }} body */
  cancel: (id, body) => ask(`${of(id)}/cancel`, { method: 'POST', body }),
  /** @param {string} id @param {{ acceptLoss: string, by?: string }} body @param {string} secret */
  rollBack: (id, body, secret) =>
    ask(`${of(id)}/rollback`, { method: 'POST', body, headers: approver(secret) }),
  /** @param {string} message @param {string} secret */
  requeue: (message, secret) =>
    ask(`${ROOT}/queue/${encodeURIComponent(message)}/requeue`, {
      method: 'POST',
      body: {},
      headers: approver(secret),
    }),
};
