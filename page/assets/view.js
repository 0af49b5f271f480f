/**
 * A view of the page: what it asks the service for, how often, and how it shows it.
 * @template Data
 * @typedef {object} View
 * @property {string} title
 * @property {(signal: AbortSignal) => Promise<Data>} load
 * @property {(data: Data) => number} every seconds until it is asked for again
 * @property {(data: Data, me: import('../../shared/model/page-answers.ts').MeAnswer) => Element} render
 * @property {(before: Data, after: Data) => string | undefined} news what is said to whoever cannot see the change
 * @property {(data: Data) => string} [found] what filters found, for a view that has some
 */
export {};
