import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { connectorSchema, type Connector } from './connector.ts';
import { assertExpression } from './evaluate.ts';

/**
 * Reads every connector of a folder, by name. Called once at start: a file that does not fit, or an
 * expression that is not JSONata, throws with the file's name.
 */
export function loadConnectors(folder: string): ReadonlyMap<string, Connector> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return new Map(files.map((file) => [file.slice(0, -'.json'.length), loadConnector(join(folder, file))]));
}

function loadConnector(path: string): Connector {
  try {
    const connector = connectorSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const { mapping, comments, authentication, author } = connector;
    assertExpression(mapping);
    if (author) assertExpression(author.of);
    if (comments) assertExpression(comments.body);
    if (authentication.kind === 'hmac-sha256' && 'body' in authentication.timestamp) {
      assertExpression(authentication.timestamp.body);
    }
    return connector;
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`The connector ${path} is invalid:\n${why}`, { cause: error });
  }
}

/** The JSON schema of a connector's file for editors; `shared/intake/connector.schema.json` is its copy. */
export function connectorJsonSchema(): Record<string, unknown> {
  return {
    title: 'RDP Medic connector',
    ...z.toJSONSchema(connectorSchema, { io: 'input', unrepresentable: 'any' }),
  };
}
