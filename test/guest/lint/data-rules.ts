import {
  argumentOf,
  commandName,
  commands,
  enclosingFunction,
  functionName,
  ofType,
  problemAt,
  type Node,
  type Rule,
} from './powershell.ts';

/** What may be asked of a table whose keys stay inside of the function. */
const KEPT_INSIDE = ['Contains', 'ContainsKey'];
/** Functions whose table has keys that come with the data, and why that is right. */
const OTHERWISE = [
  // Its callers name the list: see below.
  'Set-List',
  // Words of the journal's lines, read by name; the table goes no further than undo.
  'Read-Entry',
  // Numbers of properties.
  'Read-BlobProperty',
];
/** They fill what they are told to by name. */
const NAMED_PARTS = ['Set-List', 'Set-Part'];
const LITERAL = /^(?:'[^']*'|\d+)$/;

/**
 * JSON has no key that came from the machine: a value named `__proto__`, `ToString` or twice in two cases would be lost or would
 * break its reader. Names are data: `@{ name = ...; value = ... }`.
 */
export const keepsNamesOutOfKeys: Rule = ({ root }) => [
  ...ofType(root, 'key_expression')
    .filter(({ text }) => !/^(?:[A-Za-z]\w*|'[^']*'|-?\d+)$/.test(text.trim()))
    .map((key) => problemAt(key, `a key that is not written down: ${key.text}`)),
  ...ofType(root, 'left_assignment_expression').flatMap((left) =>
    ofType(left, 'element_access')
      .filter((access) => access.startIndex === left.startIndex)
      .filter((access) => !hasLiteralIndex(access) && !isKeptInside(access))
      .map((access) => problemAt(access, `a key that is not written down: ${access.text}`)),
  ),
  ...ofType(root, 'left_assignment_expression').flatMap((left) =>
    ofType(left, 'member_name')
      .filter(({ text }) => !/^\w+$/.test(text))
      .map((member) => problemAt(member, `a member that is not written down: ${member.text}`)),
  ),
  ...ofType(root, 'invokation_expression')
    .filter((call) => memberOf(call) === 'Add')
    .filter((call) => ofType(call, 'argument_expression').length > 1)
    .map((call) => problemAt(call, 'a key that is added')),
  ...commands(root).flatMap((command) => {
    const name = commandName(command) ?? '';
    const given = argumentOf(command, name === 'New-Object' ? '-Property' : '-Name') ?? '';
    if (name === 'New-Object' && given !== '' && !given.startsWith('@{'))
      return [problemAt(command, `properties that are not written down: ${given}`)];
    return NAMED_PARTS.includes(name) && !LITERAL.test(given)
      ? [problemAt(command, `${name} is given a name that is not written down: ${given}`)]
      : [];
  }),
];

function hasLiteralIndex(access: Node): boolean {
  return /\[(?:'[^']*'|-?\d+)\]$/.test(access.text);
}

/** A table that never leaves the function but by its values; the fields of its values are ours. */
function isKeptInside(access: Node): boolean {
  const own = enclosingFunction(access);
  const table = access.children[0]?.text ?? '';
  if (!own) return false;
  if (OTHERWISE.includes(functionName(own))) return true;
  // `$x[$name].field = ...`: the key is there already.
  if (access.parent?.type === 'member_access') return true;
  return ofType(own, 'variable')
    .filter(({ text }) => text === table)
    .every((use) => isInside(use));
}

function isInside(use: Node): boolean {
  const { parent } = use;
  if (parent?.type === 'element_access' && parent.children[0]?.id === use.id) return true;
  // A field that is read by name.
  if (parent?.type === 'member_access') return memberOf(parent) !== 'Keys';
  if (parent?.type === 'invokation_expression') return KEPT_INSIDE.includes(memberOf(parent));
  for (let up = parent; up; up = up.parent)
    if (up.type === 'left_assignment_expression') return up.text === use.text;
    else if (up.startIndex !== use.startIndex || up.endIndex !== use.endIndex) return false;
  return false;
}

function memberOf(access: Node): string {
  return access.children.find((child) => child.type === 'member_name')?.text ?? '';
}
