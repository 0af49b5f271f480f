import { h, s } from './dom.js';
import { formatDay } from './time.js';
import { countOf, GROUPS } from './words.js';

/** @typedef {{ day: string, outcomes: Partial<Record<string, number>> }} Day */

const WIDTH = 960;
const HEIGHT = 130;
const LEFT = 32;
const BOTTOM = 24;
const TOP = 10;

/**
 * Remediations by the day on which they ended, as stacked bars; the same figures stand beside it as a table.
 * @param {readonly Day[]} days the oldest first
 */
export function chartOfDays(days) {
  const most = Math.max(1, ...days.map(({ outcomes }) => sumOf(outcomes)));
  const top = niceTop(most);
  const height = HEIGHT - BOTTOM - TOP;
  const scale = (/** @type {number} */ count) => (count / top) * height;
  const slot = (WIDTH - LEFT) / days.length;
  const bars = days.map(({ day, outcomes }, index) => {
    let base = HEIGHT - BOTTOM;
    return s(
      'g',
      {},
      s(
        'title',
        {},
        `${formatDay(day)}: ${GROUPS.map((group) => `${countOf(outcomes, group)} ${group.text.toLowerCase()}`).join(', ')}`,
      ),
      GROUPS.map((group) => {
        const tall = scale(countOf(outcomes, group));
        base -= tall;
        return tall === 0
          ? null
          : s('rect', {
              class: `bar ${group.name}`,
              x: (LEFT + index * slot + slot * 0.15).toFixed(1),
              y: base.toFixed(1),
              width: (slot * 0.7).toFixed(1),
              height: tall.toFixed(1),
            });
      }),
    );
  });
  const lines = [0, top / 2, top].filter(Number.isInteger).map((count) => {
    const y = (HEIGHT - BOTTOM - scale(count)).toFixed(1);
    return [
      s('line', { class: 'grid', x1: LEFT, x2: WIDTH, y1: y, y2: y }),
      s('text', { class: 'axis', x: LEFT - 8, y, dy: '0.32em', 'text-anchor': 'end' }, count),
    ];
  });
  const every = Math.ceil(days.length / 6);
  const names = days.map(({ day }, index) =>
    (days.length - 1 - index) % every === 0
      ? s(
          'text',
          {
            class: 'axis',
            x: (LEFT + (index + 0.5) * slot).toFixed(1),
            y: HEIGHT - 6,
            'text-anchor': index === days.length - 1 ? 'end' : 'middle',
          },
          formatDay(day),
        )
      : null,
  );
  return h(
    'figure',
    { class: 'chart' },
    s(
      'svg',
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': summaryOf(days) },
      lines,
      bars,
      names,
    ),
    h(
      'figcaption',
      { class: 'legend' },
      GROUPS.map(({ name, text }) =>
        h('span', {}, h('span', { class: `swatch ${name}`, 'aria-hidden': 'true' }), text),
      ),
    ),
    h(
      'details',
      {},
      h('summary', {}, 'Show as table'),
      h(
        'table',
        { class: 'figures-table' },
        h('caption', { class: 'unseen' }, 'Remediations by end date'),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['Day', ...GROUPS.map(({ text }) => text)].map((name) => h('th', { scope: 'col' }, name)),
          ),
        ),
        h(
          'tbody',
          {},
          days
            .filter(({ outcomes }) => sumOf(outcomes) > 0)
            .toReversed()
            .map(({ day, outcomes }) =>
              h(
                'tr',
                { 'data-key': day },
                h('th', { scope: 'row' }, formatDay(day)),
                GROUPS.map((group) => h('td', {}, countOf(outcomes, group))),
              ),
            ),
        ),
      ),
    ),
  );
}

/** @param {Partial<Record<string, number>>} outcomes */
function sumOf(outcomes) {
  return GROUPS.reduce((sum, group) => sum + countOf(outcomes, group), 0);
}

/** @param {readonly Day[]} days */
function summaryOf(days) {
  const whole = GROUPS.map(
    (group) =>
      `${days.reduce((sum, { outcomes }) => sum + countOf(outcomes, group), 0)} ${group.text.toLowerCase()}`,
  );
  return `Remediations that ended in the last ${days.length} days: ${whole.join(', ')}.`;
}

/** The least round number of whole steps that is not below the highest bar. @param {number} most */
export function niceTop(most) {
  for (let unit = 2; ; unit *= 10)
    for (const factor of [1, 2, 5]) if (unit * factor >= most) return unit * factor;
}
