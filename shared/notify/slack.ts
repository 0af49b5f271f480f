import type { Message } from './message.ts';

const SIGNS: Readonly<Record<Message['tone'], string>> = {
  good: ':white_check_mark:',
  warn: ':warning:',
  bad: ':red_circle:',
  plain: ':information_source:',
};
/** Of a header's text, and of a section's (docs.slack.dev, Block Kit). */
const LONGEST = { header: 150, section: 2900 } as const;

/** The body for an incoming webhook of Slack: all of it plain text, so that nothing in it is a link, a mention or markup. */
export function slackBody({ title, text, tone, facts, address }: Message): unknown {
  const sign = SIGNS[tone];
  return {
    // What notifications and screen readers say.
    text: escaped(`${title}. ${text}`.slice(0, LONGEST.section)),
    blocks: [
      { type: 'header', text: plainText(`${sign} ${title}`.slice(0, LONGEST.header)) },
      { type: 'section', text: plainText(text.slice(0, LONGEST.section)) },
      { type: 'section', fields: facts.map(({ name, value }) => plainText(`${name}\n${value}`)) },
      {
        type: 'actions',
        elements: [{ type: 'button', text: plainText('Open the report'), url: address }],
      },
    ],
  };
}

function plainText(text: string): unknown {
  return { type: 'plain_text', text, emoji: true };
}

/** The three signs that Slack wants escaped (docs.slack.dev, "Escaping text"). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
