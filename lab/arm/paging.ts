import { ok, type ArmAnswer, type ArmRequest } from './http.ts';
import { at, type JsonValue } from './store/json.ts';

/** Entries of a list in one answer. Azure's pages differ by type; a client must follow `nextLink` at any size. */
const PAGE_SIZE = 100;

/** Cuts a list into pages: what a handler gives back whole goes out with `nextLink` when it is long. */
export function paginate(request: ArmRequest, answer: ArmAnswer): ArmAnswer {
  const value = at(answer.body, 'value');
  if (request.method !== 'GET' || !Array.isArray(value) || value.length <= PAGE_SIZE) return answer;
  return { ...answer, ...pageOf(request, value, (entry) => entry) };
}

/** The page that is asked for, of a list whose entries take long to write out: only those of the page are. */
export function pageOf<Entry>(
  request: ArmRequest,
  entries: readonly Entry[],
  show: (entry: Entry) => JsonValue,
): ArmAnswer {
  const from = Number(request.query.get('$skipToken') ?? 0);
  const to = from + PAGE_SIZE;
  const next = new URLSearchParams(request.query);
  next.set('$skipToken', String(to));
  return ok({
    value: entries.slice(from, to).map(show),
    ...(to < entries.length && {
      nextLink: `${request.origin}${encodeURI(request.path)}?${next.toString()}`,
    }),
  });
}
