import type { ArmAnswer, ArmRequest } from './http.ts';
import { at } from './store/json.ts';

/** Entries of a list in one answer. Azure's pages differ by type; a client must follow `nextLink` at any size. */
const PAGE_SIZE = 100;

/** Cuts a list into pages: what a handler gives back whole goes out with `nextLink` when it is long. */
export function paginate(request: ArmRequest, answer: ArmAnswer): ArmAnswer {
  const value = at(answer.body, 'value');
  if (request.method !== 'GET' || !Array.isArray(value) || value.length <= PAGE_SIZE) return answer;
  const from = Number(request.query.get('$skipToken') ?? 0);
  const to = from + PAGE_SIZE;
  const next = new URLSearchParams(request.query);
  next.set('$skipToken', String(to));
  return {
    ...answer,
    body: {
      value: value.slice(from, to),
      ...(to < value.length && {
        nextLink: `${request.origin}${encodeURI(request.path)}?${next.toString()}`,
      }),
    },
  };
}
