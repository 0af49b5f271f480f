import * as z from 'zod';
import { openApiDocument } from '../../functions/triggers/openapi-document.ts';
import { table } from './documents.ts';
import { code, kindOf, parseField } from './json-fields.ts';

const parameterSchema = z.looseObject({
  in: z.string(),
  name: z.string(),
  required: z.boolean(),
  schema: z.unknown(),
});
const operationSchema = z.looseObject({
  summary: z.string(),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.looseObject({ content: z.record(z.string(), z.object({ schema: z.unknown() })) }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string() })),
});
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});
type Operation = z.infer<typeof operationSchema>;

/** The addresses of docs/reference-api.md, a section each, from the document that the app serves. */
export function apiSections(): string {
  const { paths } = documentSchema.parse(openApiDocument(''));
  return Object.entries(paths)
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) =>
        section(`${method.toUpperCase()} ${path}`, operation),
      ),
    )
    .join('\n\n');
}

function section(
  title: string,
  { summary, security, parameters, requestBody, responses }: Operation,
): string {
  const open = security?.length === 0 ? ' No key or sign-in is needed.' : '';
  const fields = [
    ...parameters.map(({ in: place, name, required, schema }) => [
      code(name),
      place === 'path' ? 'address' : place,
      kindOf(parseField(schema)),
      required ? 'yes' : 'no',
      parseField(schema).description ?? '',
    ]),
    ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => bodyRows(schema)),
  ];
  return [
    `### ${code(title)}`,
    `${summary}.${open}`,
    ...(fields.length === 0 ? [] : [table(['Name', 'In', 'Value', 'Required', 'Meaning'], fields)]),
    table(
      ['Response', 'Meaning'],
      Object.entries(responses).map(([status, { description }]) => [status, description]),
    ),
  ].join('\n\n');
}

/** The fields of a body; those of an object in it with its name before theirs. */
function bodyRows(schema: unknown): string[][] {
  const { properties = {}, required } = parseField(schema);
  const needed = z.array(z.string()).default([]).parse(required);
  return Object.entries(properties).flatMap(([name, field]) => {
    const inner = Object.entries(field.properties ?? {});
    if (inner.length === 0)
      return [
        [code(name), 'body', kindOf(field), needed.includes(name) ? 'yes' : 'no', field.description ?? ''],
      ];
    return inner.map(([below, one]) => [
      code(`${name}.${below}`),
      'body',
      kindOf(one),
      'no',
      one.description ?? '',
    ]);
  });
}
