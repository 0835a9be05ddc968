import { readOperations } from './tokenize-content.ts';
import type { Operand, Operation } from './tokenize-content.ts';

/** Which code of which string of which operation is to go, and the number of a TJ array that moves as far. */
export interface CodeToErase {
  operation: number;
  string: number;
  code: number;
  /** Of each code in the string, bytes. */
  codeLength: number;
  skip: number;
  /** Letter spacing in force (Tc). */
  characterSpacing: number;
}

const hex = (bytes: Uint8Array): string => `<${Buffer.from(bytes).toString('hex')}>`;
const decimal = (value: number): string => String(Math.round(value * 1000) / 1000);

/** Items of a TJ array: strings as hex, numbers next to each other as one. */
function createArray(): { string(bytes: Uint8Array): void; number(value: number): void; items(): string[] } {
  const items: string[] = [];
  let pending = 0;
  const flush = (): void => {
    if (pending !== 0) items.push(decimal(pending));
    pending = 0;
  };
  return {
    string(bytes) {
      if (bytes.length === 0) return;
      flush();
      items.push(hex(bytes));
    },
    number(value) {
      pending += value;
    },
    items() {
      flush();
      return items;
    },
  };
}

/** pdf.js adds the letter spacing to a number at the start of an array, no other reader does: such a one goes apart. */
function showing(items: string[], spacing: number): string {
  const [first = '', ...rest] = items;
  if (spacing === 0 || first.startsWith('<')) return `[${items.join(' ')}] TJ`;
  const apart = `0 Tc [${first}] TJ ${spacing} Tc`;
  return rest.length > 0 ? `${apart} [${rest.join(' ')}] TJ` : apart;
}

/** The operation that shows the same but for the codes in `erased`; what comes after it stays where it is. */
function rewrite({ operator, operands }: Operation, erased: CodeToErase[]): string {
  const codeLength = erased[0]?.codeLength ?? 1;
  const shown: Operand | undefined = operands[operator === '"' ? 2 : 0];
  const items = shown?.type === 'array' ? shown.items : shown ? [shown] : [];
  const array = createArray();
  for (const [index, item] of items.entries()) {
    if (item.type === 'number') array.number(item.value);
    if (item.type !== 'string') continue;
    const skips = new Map(
      erased.filter(({ string }) => string === index).map(({ code, skip }) => [code, skip]),
    );
    let kept = 0;
    for (let code = 0; code * codeLength < item.bytes.length; code++) {
      const skip = skips.get(code);
      if (skip === undefined) continue;
      array.string(item.bytes.subarray(kept, code * codeLength));
      array.number(skip);
      kept = (code + 1) * codeLength;
    }
    array.string(item.bytes.subarray(kept));
  }
  const values = operands.map((operand) => (operand.type === 'number' ? operand.value : 0));
  const before = { "'": 'T* ', '"': `${values[0] ?? 0} Tw ${values[1] ?? 0} Tc T* ` }[operator] ?? '';
  return `${before}${showing(array.items(), erased[0]?.characterSpacing ?? 0)}`;
}

/** The content stream without these letters. */
export function eraseLetters(bytes: Uint8Array, erased: CodeToErase[]): Uint8Array {
  const byOperation = Map.groupBy(erased, ({ operation }) => operation);
  if (byOperation.size === 0) return bytes;
  const parts: Uint8Array[] = [];
  let kept = 0;
  for (const operation of readOperations(bytes)) {
    const letters = byOperation.get(operation.start);
    if (!letters) continue;
    parts.push(bytes.subarray(kept, operation.start), Buffer.from(rewrite(operation, letters), 'latin1'));
    kept = operation.end;
  }
  parts.push(bytes.subarray(kept));
  return new Uint8Array(Buffer.concat(parts));
}
