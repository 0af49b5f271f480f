/** What is said to whoever cannot see the page change: only what matters, one thing at a time, never in a rush. */

/** Between two announcements, in milliseconds: a screen reader has to come to its end. */
const PAUSE = 4000;

/** @type {string | undefined} */
let waiting;
let saidAt = 0;
let timer = 0;

/**
 * Says something once those before it have been heard; of several that wait only the last is said, since it is what holds.
 * @param {string} text
 */
export function announce(text) {
  waiting = text;
  window.clearTimeout(timer);
  timer = window.setTimeout(say, Math.max(0, saidAt + PAUSE - Date.now()));
}

function say() {
  const place = document.getElementById('announcer');
  if (place === null || waiting === undefined) return;
  saidAt = Date.now();
  place.textContent = waiting;
  waiting = undefined;
}
