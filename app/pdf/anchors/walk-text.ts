import { PdfArray } from '@libpdf/core';
import type { PDF, PdfDict } from '@libpdf/core';
import type { Matrix } from '../drawing/canvas.ts';
import { arrayOf, dictOf, numberOf } from '../drawing/pdf-objects.ts';
import { readForm, readPageContent } from './content-tree.ts';
import type { ContentNode } from './content-tree.ts';
import { readFont } from './read-font.ts';
import type { ReadableFont } from './read-font.ts';
import { multiply, turn } from './text-piece.ts';
import type { TextPiece } from './text-piece.ts';
import { readOperations } from './tokenize-content.ts';
import type { Operand, Operation } from './tokenize-content.ts';

/** One letter, and the bytes that show it. */
export interface Letter extends TextPiece {
  /** Key of its content stream. */
  node: string;
  /** Start of the operation in the stream, place of the string in it, place of the code in the string. */
  operation: number;
  string: number;
  code: number;
  /** Of each code in the string, bytes. */
  codeLength: number;
  /** What moves the position as far as the letter does: a number of a TJ array. */
  skip: number;
  /** Letter spacing in force (Tc). */
  characterSpacing: number;
}

export interface PageText {
  letters: Letter[];
  /** Streams that show something, by key. */
  nodes: Map<string, ContentNode>;
  /** Which form each name stands for, by the key of the stream that draws it. */
  draws: Map<string, Map<string, string>>;
}

const MAX_LETTERS = 300_000;
const MAX_FORMS = 2000;
const MAX_DEPTH = 12;
const MAX_STATES = 512;
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** The part of the graphics state that text depends on (ISO 32000-1, tables 52 and 104). */
interface State {
  matrix: Matrix;
  font?: ReadableFont;
  size: number;
  characterSpacing: number;
  wordSpacing: number;
  /** Horizontal scaling, 1 for 100 %. */
  stretch: number;
  leading: number;
  rise: number;
}

const numberAt = (operands: Operand[], index: number): number => {
  const operand = operands[index];
  return operand?.type === 'number' && Number.isFinite(operand.value) ? operand.value : 0;
};
const nameAt = (operands: Operand[], index: number): string => {
  const operand = operands[index];
  return operand?.type === 'name' ? operand.value : '';
};
const matrixOf = (operands: Operand[]): Matrix => [
  numberAt(operands, 0),
  numberAt(operands, 1),
  numberAt(operands, 2),
  numberAt(operands, 3),
  numberAt(operands, 4),
  numberAt(operands, 5),
];

/**
 * Follows a page's content as a viewer does, as far as text is concerned, through the forms it draws.
 * @throws when the page's content cannot be decoded
 */
export function walkText(pdf: PDF, page: PdfDict): PageText {
  const result: PageText = { letters: [], nodes: new Map(), draws: new Map() };
  const fonts = new Map<PdfDict, Map<string, ReadableFont | undefined>>();
  let forms = 0;

  const fontNamed = (resources: PdfDict, name: string): ReadableFont | undefined => {
    const known = fonts.get(resources) ?? new Map<string, ReadableFont | undefined>();
    fonts.set(resources, known);
    if (!known.has(name)) known.set(name, readFont(pdf, dictOf(pdf, resources.get('Font'))?.get(name)));
    return known.get(name);
  };

  const walk = (node: ContentNode, inherited: State, path: string[]): void => {
    result.nodes.set(node.key, node);
    let state = { ...inherited };
    const saved: State[] = [];
    let text = IDENTITY;
    let line = IDENTITY;
    const move = (x: number, y: number): void => {
      line = multiply([1, 0, 0, 1, x, y], line);
      text = line;
    };
    const advance = (by: number): void => {
      const [a, b, c, d, e, f] = text;
      text = [a, b, c, d, e + by * a, f + by * b];
    };

    const showString = (bytes: Uint8Array, operation: number, string: number): void => {
      const { font, size, characterSpacing, wordSpacing, stretch, rise } = state;
      const step = font?.codeLength ?? 1;
      const onPage = multiply(text, state.matrix);
      const [a, b, c, d, e, f] = onPage;
      const up = turn(onPage, { x: 0, y: size });
      let x = 0; // along the baseline, from where the string starts
      for (let index = 0; index < bytes.length; index += step) {
        if (result.letters.length >= MAX_LETTERS) return;
        const high = bytes[index] ?? 0;
        const code = step === 2 ? high * 256 + (bytes[index + 1] ?? 0) : high;
        const spacing = characterSpacing + (step === 1 && code === 0x20 ? wordSpacing : 0);
        const width = font?.width(code) ?? 0;
        const advanced = (width / 1000) * size * stretch;
        result.letters.push({
          text: font?.letter(code) ?? '\ufffd',
          at: { x: e + a * x + c * rise, y: f + b * x + d * rise },
          along: { x: a * advanced, y: b * advanced },
          up,
          node: node.key,
          operation,
          string,
          code: index / step,
          codeLength: step,
          characterSpacing,
          skip: size ? -(width + (spacing * 1000) / size) : 0,
        });
        x += advanced + spacing * stretch;
      }
      advance(x);
    };
    const show = (operand: Operand | undefined, operation: number): void => {
      const items = operand?.type === 'array' ? operand.items : operand ? [operand] : [];
      for (const [index, item] of items.entries()) {
        if (item.type === 'string') showString(item.bytes, operation, index);
        if (item.type === 'number') advance((-item.value / 1000) * state.size * state.stretch);
      }
    };
    const draw = (name: string): void => {
      if (path.length >= MAX_DEPTH || ++forms > MAX_FORMS) return;
      const form = readForm(pdf, node, name);
      if (!form || path.includes(form.key)) return;
      const names = result.draws.get(node.key) ?? new Map<string, string>();
      result.draws.set(node.key, names.set(name, form.key));
      const given = arrayOf(pdf, form.form?.get('Matrix'));
      const matrix =
        given instanceof PdfArray ? given.toArray().map((entry) => numberOf(pdf, entry) ?? 0) : [];
      const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = matrix;
      walk(form, { ...state, matrix: multiply([a, b, c, d, e, f], state.matrix) }, [...path, form.key]);
    };

    const apply = ({ operator, operands, start }: Operation): void => {
      switch (operator) {
        case 'q':
          if (saved.length < MAX_STATES) saved.push({ ...state });
          return;
        case 'Q':
          state = saved.pop() ?? state;
          return;
        case 'cm':
          state.matrix = multiply(matrixOf(operands), state.matrix);
          return;
        case 'gs': {
          const given = dictOf(pdf, dictOf(pdf, node.resources.get('ExtGState'))?.get(nameAt(operands, 0)));
          const font = arrayOf(pdf, given?.get('Font'));
          if (!font) return;
          state.font = readFont(pdf, font.at(0));
          state.size = numberOf(pdf, font.at(1)) ?? 0;
          return;
        }
        case 'BT':
          text = line = IDENTITY;
          return;
        case 'Tf':
          state.font = fontNamed(node.resources, nameAt(operands, 0));
          state.size = numberAt(operands, 1);
          return;
        case 'Tc':
          state.characterSpacing = numberAt(operands, 0);
          return;
        case 'Tw':
          state.wordSpacing = numberAt(operands, 0);
          return;
        case 'Tz':
          state.stretch = numberAt(operands, 0) / 100;
          return;
        case 'TL':
          state.leading = numberAt(operands, 0);
          return;
        case 'Ts':
          state.rise = numberAt(operands, 0);
          return;
        case 'Tm':
          text = line = matrixOf(operands);
          return;
        case 'TD':
          state.leading = -numberAt(operands, 1);
          return move(numberAt(operands, 0), numberAt(operands, 1));
        case 'Td':
          return move(numberAt(operands, 0), numberAt(operands, 1));
        case 'T*':
          return move(0, -state.leading);
        case '"':
          state.wordSpacing = numberAt(operands, 0);
          state.characterSpacing = numberAt(operands, 1);
          move(0, -state.leading);
          return show(operands[2], start);
        case "'":
          move(0, -state.leading);
          return show(operands[0], start);
        case 'Tj':
        case 'TJ':
          return show(operands[0], start);
        case 'Do':
          return draw(nameAt(operands, 0));
      }
    };
    for (const operation of readOperations(node.bytes)) {
      if (result.letters.length >= MAX_LETTERS) return;
      apply(operation);
    }
  };

  const plain = { size: 0, characterSpacing: 0, wordSpacing: 0, stretch: 1, leading: 0, rise: 0 };
  walk(readPageContent(pdf, page), { matrix: IDENTITY, ...plain }, []);
  return result;
}
