/** Nodes made by hand: whatever the service tells is text in them, never markup. */

const SVG = 'http://www.w3.org/2000/svg';

/** @typedef {Node | string | number | false | null | undefined} Leaf */
/** @typedef {Leaf | readonly (Leaf | readonly (Leaf | readonly (Leaf | readonly Leaf[])[])[])[]} Child */
/** @typedef {Readonly<Record<string, string | number | boolean | undefined>>} Attributes */

/**
 * An element of HTML. An attribute that is `undefined` or `false` is left out; one that is `true` stands without a value.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/**
 * An element of SVG.
 * @param {string} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {Element}
 */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  fill(element, attributes, children);
  return element;
}

/**
 * @param {Element} element
 * @param {Attributes} attributes
 * @param {readonly Child[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat(4)) {
    if (child === false || child === null || child === undefined) continue;
    element.append(typeof child === 'object' && 'nodeType' in child ? child : String(child));
  }
}

/**
 * Makes what stands under `standing` the same as what stands under `wanted`, changing only what differs: focus, selection, scroll
 * position and what a person has opened stay. Elements with `data-key` are found again wherever they have moved to.
 * @param {Element} standing
 * @param {Element} wanted
 */
export function morph(standing, wanted) {
  syncAttributes(standing, wanted);
  const keyed = new Map();
  for (const child of standing.children) {
    const key = child.getAttribute('data-key');
    if (key !== null) keyed.set(key, child);
  }
  let at = standing.firstChild;
  for (const next of [...wanted.childNodes]) {
    const key = next instanceof Element ? next.getAttribute('data-key') : null;
    const same = key === null ? (isAlike(at, next) ? at : null) : (keyed.get(key) ?? null);
    if (same === null) {
      standing.insertBefore(next, at);
      continue;
    }
    if (at !== null && same === at) at = at.nextSibling;
    else standing.insertBefore(same, at);
    if (same instanceof Element && next instanceof Element) morph(same, next);
    else if (same.nodeValue !== next.nodeValue) same.nodeValue = next.nodeValue;
  }
  while (at !== null) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

/**
 * @param {ChildNode | null} standing
 * @param {ChildNode} wanted
 */
function isAlike(standing, wanted) {
  if (standing === null || standing.nodeName !== wanted.nodeName) return false;
  return !(standing instanceof Element) || standing.getAttribute('data-key') === null;
}

/** What a person changes on the page, or gets the keyboard by: it is not set back. */
const OF_PERSON = new Set(['open', 'value', 'checked', 'tabindex']);

/**
 * @param {Element} standing
 * @param {Element} wanted
 */
function syncAttributes(standing, wanted) {
  for (const { name, value } of wanted.attributes)
    if (!OF_PERSON.has(name) && standing.getAttribute(name) !== value) standing.setAttribute(name, value);
  for (const { name } of [...standing.attributes])
    if (!OF_PERSON.has(name) && !wanted.hasAttribute(name)) standing.removeAttribute(name);
}
