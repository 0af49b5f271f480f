import type { TriggerDependencies } from './dependencies.ts';
import { json, type Handler } from './http.ts';
import { openApiDocument } from './openapi-document.ts';

/** `GET /api/openapi.json`. */
export function getOpenApi({ version }: TriggerDependencies): Handler {
  const document = openApiDocument(version);
  return () => Promise.resolve(json(200, document));
}
