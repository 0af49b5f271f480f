import type { TriggerDependencies } from './dependencies.ts';
import { json, type Handler } from './http.ts';
import { openApiDocument } from './openapi-document.ts';

/** `GET /api/openapi.json`; the document is made when it is first asked for, not at every cold start. */
export function getOpenApi({ version }: TriggerDependencies): Handler {
  let document: Record<string, unknown> | undefined;
  return () => Promise.resolve(json(200, (document ??= openApiDocument(version))));
}
