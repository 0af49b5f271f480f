import { Refusal } from './api.js';
import { h } from './dom.js';

/**
 * @typedef {object} Question
 * @property {string} title
 * @property {readonly import('./dom.js').Child[]} body what is about to be done, and what it costs
 * @property {readonly Field[]} fields
 * @property {string} confirm text of the button that does it
 * @property {boolean} [danger]
 * @property {(given: Readonly<Record<string, string>>) => Promise<string>} act does it; gives back what is said then
 */
/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {'text' | 'password' | 'checkbox'} type
 * @property {string} [hint]
 * @property {boolean} [required]
 */

/**
 * Asks before something is done, does it, and stays open with the reason where it is refused. Gives back what is to be said, or
 * `undefined` where a person thought better of it.
 * @param {Question} question
 * @returns {Promise<string | undefined>}
 */
export function confirmed({ title, body, fields, confirm, danger = false, act }) {
  const problem = h('div', { class: 'problem', role: 'alert' });
  const submit = h('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, confirm);
  const dismiss = h('button', { type: 'button' }, 'Go back');
  const form = h(
    'form',
    { novalidate: true },
    h('h2', { id: 'dialog-title' }, title),
    ...body,
    fields.map(fieldOf),
    problem,
    h('div', { class: 'buttons' }, dismiss, submit),
  );
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title' }, form);
  document.body.append(dialog);
  const back = document.activeElement;
  dialog.showModal();
  return new Promise((resolve) => {
    /** @type {string | undefined} */
    let said;
    dismiss.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (back instanceof HTMLElement && back.isConnected) back.focus();
      resolve(said);
    });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const missing = fields.find(({ name, required }) => required && valueOf(form, name) === '');
      if (missing) {
        problem.textContent =
          missing.type === 'checkbox' ? `Tick “${missing.label}” first.` : `${missing.label} is required.`;
        inputOf(form, missing.name)?.focus();
        return;
      }
      submit.disabled = true;
      problem.textContent = '';
      act(Object.fromEntries(fields.map(({ name }) => [name, valueOf(form, name)])))
        .then((text) => {
          said = text;
          dialog.close();
        })
        .catch((/** @type {unknown} */ error) => {
          problem.textContent = error instanceof Refusal ? `${error.message} ${error.next}` : String(error);
        })
        .finally(() => {
          submit.disabled = false;
        });
    });
  });
}

/** @param {Field} field */
function fieldOf({ name, label, type, hint, required = false }) {
  const id = `dialog-${name}`;
  const input = h('input', {
    id,
    name,
    type,
    autocomplete: type === 'password' ? 'off' : undefined,
    spellcheck: 'false',
    'aria-required': required ? 'true' : undefined,
    'aria-describedby': hint === undefined ? undefined : `${id}-hint`,
  });
  const help = hint === undefined ? null : h('p', { class: 'hint', id: `${id}-hint` }, hint);
  return type === 'checkbox'
    ? h('div', { class: 'field check' }, h('label', { for: id }, input, ' ', label), help)
    : h('div', { class: 'field' }, h('label', { for: id }, label), input, help);
}

/** @param {HTMLFormElement} form @param {string} name */
function inputOf(form, name) {
  const found = form.elements.namedItem(name);
  return found instanceof HTMLInputElement ? found : undefined;
}

/** @param {HTMLFormElement} form @param {string} name */
function valueOf(form, name) {
  const input = inputOf(form, name);
  if (input?.type === 'checkbox') return input.checked ? 'yes' : '';
  return input?.value.trim() ?? '';
}
