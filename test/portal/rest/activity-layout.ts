import { map, text } from './params.ts';
import { RestError } from './rest-error.ts';

type Node = Record<string, unknown>;

const TAG_TYPES = ['warning', 'success', 'failure', 'primary', 'secondary'];
const BUTTON_TYPES = ['primary', 'secondary'];
const TEXT_LIKE = ['value', 'multiline', 'bold', 'size', 'color', 'scope', 'title'];

/** Properties of each block type; a star marks a required one. */
const BLOCKS: Record<string, string[]> = {
  text: ['value*', ...TEXT_LIKE.slice(1)],
  largeText: ['value*', ...TEXT_LIKE.slice(1)],
  link: ['text*', 'action*', 'bold', 'size', 'color', 'scope'],
  withTitle: ['title*', 'block*', 'inline', 'titleWidth', 'wordWrap'],
  lineOfBlocks: ['blocks*'],
  deadline: ['readonly'],
};

const ACTIONS: Record<string, string[]> = {
  redirect: ['uri*'],
  restEvent: ['id*', 'actionParams', 'animationType'],
  openRestApp: ['actionParams', 'sliderParams'],
};

/** Refuses a layout that the platform would refuse. */
export function checkLayout(value: unknown): Node {
  const layout = map(value);
  if (Object.keys(layout).length === 0) throw new RestError('ERROR_EMPTY_LAYOUT', 'Layout is empty');
  fields('layout', layout, ['icon', 'header', 'body', 'footer']);
  if (layout['icon']) fields('icon', map(layout['icon']), ['code*']);
  if (layout['header']) checkHeader(map(layout['header']));
  if (layout['body']) checkBody(map(layout['body']));
  if (layout['footer']) checkFooter(map(layout['footer']));
  return layout;
}

function checkHeader(header: Node): void {
  fields('header', header, ['title*', 'titleAction', 'tags']);
  if (header['titleAction']) checkAction('header.titleAction', header['titleAction']);
  for (const [key, tag] of several('header.tags', header['tags'], 2)) {
    fields(`header.tags.${key}`, tag, ['title*', 'type*', 'action']);
    oneOf(`header.tags.${key}.type`, tag['type'], TAG_TYPES);
  }
}

function checkBody(body: Node): void {
  fields('body', body, ['logo', 'blocks']);
  if (body['logo']) {
    fields('body.logo', map(body['logo']), ['code*', 'action']);
    if (map(body['logo'])['action']) checkAction('body.logo.action', map(body['logo'])['action']);
  }
  for (const [key, block] of several('body.blocks', body['blocks'], 20))
    checkBlock(`body.blocks.${key}`, block);
}

function checkBlock(where: string, block: Node): void {
  fields(where, block, ['type*', 'properties']);
  oneOf(`${where}.type`, block['type'], Object.keys(BLOCKS));
  const properties = map(block['properties']);
  fields(`${where}.properties`, properties, BLOCKS[text(block['type'])] ?? []);
  if (properties['block']) checkBlock(`${where}.properties.block`, map(properties['block']));
  if (properties['action']) checkAction(`${where}.properties.action`, properties['action']);
  for (const [key, inner] of several(`${where}.properties.blocks`, properties['blocks'], 20)) {
    checkBlock(`${where}.properties.blocks.${key}`, inner);
  }
}

function checkFooter(footer: Node): void {
  fields('footer', footer, ['buttons', 'menu']);
  for (const [key, button] of several('footer.buttons', footer['buttons'], 2)) {
    fields(`footer.buttons.${key}`, button, ['title*', 'action*', 'type*', 'scope', 'hideIfReadonly']);
    oneOf(`footer.buttons.${key}.type`, button['type'], BUTTON_TYPES);
    checkAction(`footer.buttons.${key}.action`, button['action']);
  }
  if (!footer['menu']) return;
  const menu = map(footer['menu']);
  fields('footer.menu', menu, ['items*', 'showPinItem', 'showPostponeItem', 'showDeleteItem']);
  for (const [key, item] of several('footer.menu.items', menu['items'], 20)) {
    fields(`footer.menu.items.${key}`, item, ['title*', 'action*', 'scope', 'hideIfReadonly']);
    checkAction(`footer.menu.items.${key}.action`, item['action']);
  }
}

function checkAction(where: string, value: unknown): void {
  const action = map(value);
  const type = text(action['type']);
  if (!type) throw new RestError('FIELD_IS_REQUIRED', `${where}.type is required`);
  oneOf(`${where}.type`, type, Object.keys(ACTIONS));
  fields(where, action, ['type*', ...(ACTIONS[type] ?? [])]);
  if (action['animationType'])
    oneOf(`${where}.animationType`, action['animationType'], ['disable', 'loader']);
}

/** Maps of a limited number of entries, keyed by any id. */
function several(where: string, value: unknown, most: number): [string, Node][] {
  if (value === undefined || value === null) return [];
  const entries = Object.entries(map(value)).map(([key, inner]): [string, Node] => [key, map(inner)]);
  if (entries.length > most) throw new RestError('TOO_MANY_ITEMS', `${where}: at most ${most}`);
  return entries;
}

function fields(where: string, node: Node, allowed: string[]): void {
  for (const name of allowed) {
    if (!name.endsWith('*')) continue;
    const value = node[name.slice(0, -1)];
    if (value === undefined || value === null || value === '') {
      throw new RestError('FIELD_IS_REQUIRED', `${where}.${name.slice(0, -1)} is required`);
    }
  }
  const known = new Set(allowed.map((name) => name.replace('*', '')));
  const extra = Object.keys(node).find((name) => !known.has(name));
  if (extra) throw new RestError('FIELD_IS_REDUNDANT', `${where}.${extra} is redundant`);
}

function oneOf(where: string, value: unknown, allowed: string[]): void {
  if (!allowed.includes(text(value))) throw new RestError('ENUM_FIELD', `${where}: ${allowed.join(', ')}`);
}
