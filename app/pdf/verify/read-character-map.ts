const MAX_RANGE = 65_536;

const utf16 = (hex: string): string => {
  const bytes = Buffer.from(hex.length % 4 ? hex.padStart(Math.ceil(hex.length / 4) * 4, '0') : hex, 'hex');
  return bytes.swap16().toString('utf16le');
};

/**
 * Reads a ToUnicode map (ISO 32000-1, 9.10.3) as far as such maps go: code lengths, single characters, ranges.
 * @returns gives the text of codes; undefined for a code that is not in the map
 */
export function readCharacterMap(bytes: Uint8Array): (codes: Buffer) => string | undefined {
  const map = Buffer.from(bytes).toString('latin1');
  const characters = new Map<string, string>();
  const lengths = new Set<number>();
  for (const [, section = ''] of map.matchAll(/begincodespacerange([\s\S]*?)endcodespacerange/g)) {
    for (const [, from = ''] of section.matchAll(/<([0-9A-Fa-f]+)>\s*<[0-9A-Fa-f]+>/g)) {
      lengths.add(from.length / 2);
    }
  }
  for (const [, section = ''] of map.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, code = '', target = ''] of section.matchAll(/<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>/g)) {
      characters.set(code.toLowerCase(), utf16(target));
    }
  }
  for (const [, section = ''] of map.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    const ranges = section.matchAll(
      /<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])/g,
    );
    for (const [, from = '', to = '', target, list] of ranges) {
      const [first, last] = [parseInt(from, 16), Math.min(parseInt(to, 16), parseInt(from, 16) + MAX_RANGE)];
      const targets = [...(list ?? '').matchAll(/<([0-9A-Fa-f]*)>/g)].map(([, hex = '']) => hex);
      for (let code = first; code <= last && characters.size < MAX_RANGE; code++) {
        const own = targets[code - first];
        const text = target === undefined ? own !== undefined && utf16(own) : counted(target, code - first);
        if (text !== false) characters.set(code.toString(16).padStart(from.length, '0'), text);
      }
    }
  }
  const sizes = lengths.size > 0 ? [...lengths].sort() : [1];
  return (codes) => {
    let text = '';
    for (let at = 0; at < codes.length;) {
      const size = sizes.find((length) => characters.has(codes.toString('hex', at, at + length)));
      if (size === undefined) return undefined;
      text += characters.get(codes.toString('hex', at, at + size)) ?? '';
      at += size;
    }
    return text;
  };
}

/** The n-th character of a range: its last unit counts up. */
function counted(hex: string, by: number): string {
  const text = utf16(hex);
  return text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + by);
}
