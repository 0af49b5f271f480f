import { app, type Timer } from '@azure/functions';

/** Functions set off by time; they remember what they were given. */
export const seen: { name: string; value: Timer }[] = [];

const see = (name: string) => (value: Timer) => {
  seen.push({ name, value });
};
app.timer('tick', { schedule: '*/10 * * * * *', handler: see('tick') });
app.timer('hourly', { schedule: '0 0 * * * *', handler: see('hourly') });
