import { parse, type DefaultTreeAdapterTypes } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;

export interface Dom {
  /** Every element in document order with the names of its attributes: what markup there is. */
  readonly skeleton: string[];
  readonly text: string;
  /** Values of an attribute, in document order. */
  attribute(name: string): string[];
  /** The text within the elements of a name, in document order. */
  textOf(element: string): string[];
}

/** Parses HTML as browsers do. */
export function readHtml(html: string): Dom {
  const nodes: Node[] = [];
  const walk = (node: Node): void => {
    nodes.push(node);
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(parse(html));
  const elements = nodes.filter((node) => 'attrs' in node);
  return {
    skeleton: elements.map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' ')),
    text: textIn(nodes),
    attribute: (name) =>
      elements.flatMap(({ attrs }) => attrs.filter((attr) => attr.name === name).map(({ value }) => value)),
    textOf: (name) => elements.filter(({ tagName }) => tagName === name).map((node) => textOfNode(node)),
  };
}

function textIn(nodes: Node[]): string {
  return nodes.map((node) => ('value' in node ? node.value : '')).join('');
}

function textOfNode(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOfNode).join('') : '';
}
