import type { LetterContent } from './letter-content.ts';

/** A letter as plain text: everything the HTML says, for programs and people that prefer it. */
export function letterText(letter: LetterContent): string {
  const { greeting, paragraphs, quote, code, facts, button, notes, footer } = letter;
  const quoted = quote?.text.split(/\r\n?|\n/).map((line) => `> ${line}`);
  const parts = [
    greeting,
    ...paragraphs,
    quote && [`${quote.by}:`, ...(quoted ?? [])].join('\n'),
    code && `    ${code}`,
    facts.map((fact) => `${fact.label}: ${fact.value}`).join('\n'),
    button && `${button.label}:\n${button.url}`,
    ...notes,
    `-- \n${footer}`,
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}
