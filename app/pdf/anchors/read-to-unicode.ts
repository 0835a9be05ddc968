import type { PDF, PdfDict } from '@libpdf/core';
import { isStream, resolve } from '../drawing/pdf-objects.ts';
import { readOperations } from './tokenize-content.ts';
import type { Operand } from './tokenize-content.ts';

/** Codes have two bytes at most. */
const MAX_ENTRIES = 65_536;

const codeOf = (operand: Operand | undefined): number | undefined =>
  operand?.type === 'string' && operand.bytes.length <= 4
    ? operand.bytes.reduce((value, byte) => value * 256 + byte, 0)
    : undefined;

/** UTF-16, high byte first. `plus` moves the last letter on, for ranges. */
function textOf(operand: Operand | undefined, plus = 0): string | undefined {
  if (operand?.type !== 'string' || operand.bytes.length === 0) return undefined;
  const { bytes } = operand;
  if (bytes.length === 1) return String.fromCharCode((bytes[0] ?? 0) + plus);
  const units = Array.from(
    { length: Math.floor(bytes.length / 2) },
    (_, index) => (bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0),
  );
  units.push((units.pop() ?? 0) + plus);
  return String.fromCharCode(...units);
}

/** What a font says its codes mean (ISO 32000-1, 9.10.3); undefined when it says nothing. */
export function readToUnicode(pdf: PDF, font: PdfDict): Map<number, string> | undefined {
  const stream = resolve(pdf, font.get('ToUnicode'));
  if (!isStream(stream)) return undefined;
  let source: Uint8Array;
  try {
    source = stream.getDecodedData();
  } catch {
    return undefined;
  }
  const letters = new Map<number, string>();
  const add = (code: number | undefined, text: string | undefined): void => {
    if (code !== undefined && text !== undefined && letters.size < MAX_ENTRIES) letters.set(code, text);
  };
  for (const { operator, operands } of readOperations(source)) {
    if (operator === 'endbfchar') {
      for (let index = 0; index + 1 < operands.length; index += 2) {
        add(codeOf(operands[index]), textOf(operands[index + 1]));
      }
    }
    if (operator === 'endbfrange') {
      for (let index = 0; index + 2 < operands.length; index += 3) {
        const [low, high] = [codeOf(operands[index]), codeOf(operands[index + 1])];
        const target = operands[index + 2];
        if (low === undefined || high === undefined) continue;
        for (let code = low; code <= Math.min(high, low + MAX_ENTRIES); code++) {
          add(code, target?.type === 'array' ? textOf(target.items[code - low]) : textOf(target, code - low));
        }
      }
    }
  }
  return letters;
}
