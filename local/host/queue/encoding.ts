/** How the text of a message stands in the queue: `messageEncoding` of host.json. */
export type MessageEncoding = 'base64' | 'none';

export function encodeMessage(text: string, encoding: MessageEncoding): string {
  return encoding === 'base64' ? Buffer.from(text, 'utf8').toString('base64') : text;
}

/** @throws RangeError for a message that is not in Base64 where it has to be */
export function decodeMessage(text: string, encoding: MessageEncoding): string {
  if (encoding === 'none') return text;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== text.trim().replace(/=+$/, ''))
    throw new RangeError('The message is not encoded in Base64.');
  return bytes.toString('utf8');
}
