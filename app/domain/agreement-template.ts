/**
 * The editable text of the additional agreement: plain text with a little markup and fields in double braces. Grammar for
 * people: docs/agreement-template.md. Pure: knows neither a signing nor a PDF.
 */
import { agreementField, isTextAnchor, plainValue, TAG } from './agreement-fields.ts';
import type { AgreementValues } from './agreement-fields.ts';

export { AGREEMENT_FIELDS } from './agreement-fields.ts';
export type { AgreementField, AgreementValues } from './agreement-fields.ts';

export type TemplateBlock =
  | { kind: 'heading'; text: string; level: 1 | 2 }
  | { kind: 'paragraph'; text: string }
  | { kind: 'list'; items: string[]; ordered: boolean; /** Number of the first item. */ start: number };

export interface AgreementText {
  title: string;
  /** Printed under the title; empty when there is none. */
  subtitle: string;
  blocks: TemplateBlock[];
}

/** What is wrong with a line. Text: `agreement.error_<code>` with {line} and {value}. */
export const TEMPLATE_ERROR_CODES = [
  'too_long',
  'empty',
  'title_missing',
  'title_long',
  'heading_level',
  'heading_empty',
  'field_unknown',
  'field_open',
] as const;
export type TemplateErrorCode = (typeof TEMPLATE_ERROR_CODES)[number];

export interface TemplateError {
  /** From 1. */
  line: number;
  code: TemplateErrorCode;
  /** The part of the line at fault, shortened; of a limit: the limit. */
  value: string;
}

export const MAX_TEMPLATE_LENGTH = 20_000;
const MAX_TITLE_LENGTH = 200;
const MAX_ERRORS = 50;
const MAX_VALUE_SHOWN = 60;
/** Printed for a field that has nothing to say. */
const NOTHING = '—';

const shown = (text: string): string =>
  text.length > MAX_VALUE_SHOWN ? `${text.slice(0, MAX_VALUE_SHOWN).toWellFormed()}…` : text;

/** Faults of the tags in one line. */
function checkTags(source: string, line: number): TemplateError[] {
  const errors: TemplateError[] = [];
  for (const [tag, name = ''] of source.matchAll(TAG)) {
    if (!agreementField(name) && !isTextAnchor(name)) {
      errors.push({ line, code: 'field_unknown', value: shown(tag) });
    }
  }
  const rest = source.replace(TAG, '');
  const brace = /\{\{|\}\}/.exec(rest);
  if (brace) errors.push({ line, code: 'field_open', value: shown(rest.slice(brace.index)) });
  return errors;
}

type Line =
  | { kind: 'blank' }
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'item'; ordered: boolean; number: number; text: string }
  | { kind: 'text'; text: string };

function readLine(source: string): Line {
  const text = source.trim();
  if (!text) return { kind: 'blank' };
  const heading = /^(#+)(?:\s+(.*))?$/.exec(text);
  if (heading) return { kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' };
  const bullet = /^[-–—•*]\s+(.+)$/.exec(text);
  if (bullet) return { kind: 'item', ordered: false, number: 1, text: bullet[1] ?? '' };
  const numbered = /^(\d{1,3})[.)]\s+(.+)$/.exec(text);
  if (numbered) {
    return { kind: 'item', ordered: true, number: Number(numbered[1]), text: numbered[2] ?? '' };
  }
  return { kind: 'text', text };
}

/** Puts lines together; a line of text goes on with whatever stands directly above it. */
function createAssembler() {
  const agreement: AgreementText = { title: '', subtitle: '', blocks: [] };
  /** What the next line of text belongs to: nothing after a blank line. */
  let open: 'title' | TemplateBlock | undefined;
  const { blocks } = agreement;
  const begin = (block: TemplateBlock): void => {
    blocks.push(block);
    open = block;
  };
  const below = (above: string, text: string): string => (above ? `${above}\n${text}` : text);

  return {
    agreement,
    blank(): void {
      open = undefined;
    },
    title(text: string): void {
      agreement.title = text;
      open = 'title';
    },
    heading(text: string, level: 1 | 2): void {
      begin({ kind: 'heading', text, level });
      open = undefined;
    },
    item(text: string, ordered: boolean, number: number): void {
      const list = typeof open === 'object' && open.kind === 'list' ? open : undefined;
      // A clause is referred to by its number: it is printed with the one that was written.
      const follows = list?.ordered === ordered && (!ordered || number === list.start + list.items.length);
      if (follows) list.items.push(text);
      else begin({ kind: 'list', items: [text], ordered, start: number });
    },
    text(text: string): void {
      if (open === 'title') agreement.subtitle = below(agreement.subtitle, text);
      else if (open?.kind === 'paragraph') open.text = below(open.text, text);
      else if (open?.kind === 'list') open.items.push(below(open.items.pop() ?? '', text));
      else begin({ kind: 'paragraph', text });
    },
  };
}

/**
 * Reads a template. Collects one error per fault, so that a person can mend all of them at once; with any error the text
 * is not to be used.
 * @param text at most {@link MAX_TEMPLATE_LENGTH} characters
 */
export function parseAgreementTemplate(text: string): AgreementText & { errors: TemplateError[] } {
  if (text.length > MAX_TEMPLATE_LENGTH) {
    const error: TemplateError = { line: 1, code: 'too_long', value: String(MAX_TEMPLATE_LENGTH) };
    return { title: '', subtitle: '', blocks: [], errors: [error] };
  }
  const errors: TemplateError[] = [];
  const assembler = createAssembler();
  const { agreement } = assembler;
  let started = false;
  for (const [index, source] of text.split(/\r\n|[\r\n\u2028\u2029]/).entries()) {
    const line = index + 1;
    errors.push(...checkTags(source, line));
    const read = readLine(source);
    if (read.kind === 'blank') {
      assembler.blank();
      continue;
    }
    const isTitle = read.kind === 'heading' && read.level === 1 && !started;
    if (!started && !isTitle) errors.push({ line, code: 'title_missing', value: shown(source.trim()) });
    started = true;
    switch (read.kind) {
      case 'heading':
        if (!read.text) errors.push({ line, code: 'heading_empty', value: shown(source.trim()) });
        if (read.level > 2) errors.push({ line, code: 'heading_level', value: shown(source.trim()) });
        if (isTitle && read.text.length > MAX_TITLE_LENGTH) {
          errors.push({ line, code: 'title_long', value: String(MAX_TITLE_LENGTH) });
        }
        if (isTitle) assembler.title(read.text);
        else assembler.heading(read.text, read.level === 1 ? 1 : 2);
        break;
      case 'item':
        assembler.item(read.text, read.ordered, read.number);
        break;
      case 'text':
        assembler.text(read.text);
    }
  }
  if (agreement.blocks.length === 0) errors.push({ line: 1, code: 'empty', value: '' });
  return { ...agreement, errors: errors.slice(0, MAX_ERRORS) };
}

/** The text with its fields filled in; places for marks stay in it, written without blanks so that no line end parts them. */
export function fillAgreementTemplate(template: AgreementText, values: AgreementValues): AgreementText {
  const fill = (text: string): string =>
    text.replace(TAG, (tag, name: string) => {
      const field = agreementField(name);
      if (field) return plainValue(values[field]) || NOTHING;
      return isTextAnchor(name) ? tag.replace(/\s+/g, '') : tag;
    });
  const fillBlock = (block: TemplateBlock): TemplateBlock =>
    block.kind === 'list' ? { ...block, items: block.items.map(fill) } : { ...block, text: fill(block.text) };
  return {
    title: fill(template.title),
    subtitle: fill(template.subtitle),
    blocks: template.blocks.map(fillBlock),
  };
}
