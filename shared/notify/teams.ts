import type { Message } from './message.ts';

const COLOURS: Readonly<Record<Message['tone'], string>> = {
  good: 'good',
  warn: 'warning',
  bad: 'attention',
  plain: 'default',
};

/**
 * The body for a Teams workflow: an Adaptive Card in a message (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors,
 * "Send Adaptive Cards using an Incoming Webhook", whose form the Workflows trigger takes too). Version 1.4: what Teams shows everywhere.
 */
export function teamsBody({ title, text, tone, facts, address }: Message): unknown {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          // Read out, and shown where the card is not.
          fallbackText: plain(title),
          body: [
            {
              type: 'TextBlock',
              text: plain(title),
              style: 'heading',
              size: 'Large',
              weight: 'Bolder',
              color: COLOURS[tone],
              wrap: true,
            },
            { type: 'TextBlock', text: plain(text), wrap: true },
            {
              type: 'FactSet',
              facts: facts.map(({ name, value }) => ({ title: name, value: plain(value) })),
            },
          ],
          actions: [{ type: 'Action.OpenUrl', title: 'Open the report', url: address }],
        },
      },
    ],
  };
}

/** A card's text is Markdown: what would be some is escaped. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_[\]~#<>|]/g, String.raw`\$&`);
}
