import { policyJsonSchema } from '../../shared/repair/policy/load.ts';
import { table } from './documents.ts';
import { code, kindOf, parseField, type Field } from './json-fields.ts';

/** Every kind of sender has the same fields; they differ in their defaults. */
const SENDERS = ['alert', 'ticket', 'queue', 'caller', 'operator'] as const;

/** The fields of docs/reference-policy.md, a row each: all but those of the senders. */
export function policyRows(): string {
  const { properties = {} } = parseField(policyJsonSchema());
  const { $schema: _dialect, sources: _sources, ...rest } = properties;
  return table(['Field', 'Value', 'Default', 'Meaning'], fieldsOf('', rest));
}

/** The fields of each kind of sender, with their defaults for each. */
export function senderRows(): string {
  const { sources } = parseField(policyJsonSchema()).properties ?? {};
  const of = (sender: string): Record<string, Field> => sources?.properties?.[sender]?.properties ?? {};
  const rows = Object.entries(of('alert')).map(([name, field]) => [
    code(name),
    kindOf(field),
    ...SENDERS.map((sender) => defaultOf(of(sender)[name])),
    field.description ?? '',
  ]);
  return table(['Field', 'Value', ...SENDERS.map(code), 'Meaning'], rows);
}

function fieldsOf(above: string, properties: Record<string, Field>): string[][] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${above}${name}`;
    if (field.properties) return fieldsOf(`${path}.`, field.properties);
    return [[code(path), kindOf(field), defaultOf(field), field.description ?? '']];
  });
}

const defaultOf = (field: Field | undefined): string =>
  field?.default === undefined ? 'none' : code(field.default);
