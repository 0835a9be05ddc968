import { byId } from './page-config.js';

const INK = '#14264a';
const MAX_EXPORT = { width: 1400, height: 700 };

/**
 * The field to draw in. Its size follows the page and the drawing stays.
 * @param {string} modulePath of signature_pad
 */
export async function createDrawnMark(modulePath) {
  const canvas = /** @type {HTMLCanvasElement} */ (byId('pad'));
  const { default: SignaturePad } = /** @type {{ default: typeof import('signature_pad').default }} */ (
    await import(modulePath)
  );
  const pad = new SignaturePad(canvas, { penColor: INK, minWidth: 0.9, maxWidth: 2.8, throttle: 8 });
  let width = 0;

  function fit() {
    const box = canvas.getBoundingClientRect();
    if (box.width === 0 || box.width === width) return;
    const factor = width === 0 ? 1 : box.width / width;
    const strokes = pad.toData().map((stroke) => ({
      ...stroke,
      points: stroke.points.map((point) => ({ ...point, x: point.x * factor, y: point.y * factor })),
    }));
    width = box.width;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = Math.round(box.width * ratio);
    canvas.height = Math.round(box.height * ratio);
    canvas.getContext('2d')?.scale(ratio, ratio);
    pad.clear();
    pad.fromData(strokes);
  }
  new ResizeObserver(fit).observe(canvas);
  fit();

  byId('pad-clear').addEventListener('click', () => pad.clear());
  byId('pad-undo').addEventListener('click', () => pad.fromData(pad.toData().slice(0, -1), { clear: true }));

  return {
    isEmpty: () => pad.isEmpty() || pad.toData().length === 0,
    /** The drawing alone, as a PNG data URL: cut to the ink, transparent around it. */
    toImage: () => cutToInk(canvas)?.toDataURL('image/png') ?? '',
    focus: () => canvas.scrollIntoView({ block: 'center' }),
  };
}

/** @param {HTMLCanvasElement} canvas */
function cutToInk(canvas) {
  const box = inkBox(canvas);
  if (!box) return undefined;
  const scale = Math.min(1, MAX_EXPORT.width / box.width, MAX_EXPORT.height / box.height);
  const target = document.createElement('canvas');
  target.width = Math.max(1, Math.round(box.width * scale));
  target.height = Math.max(1, Math.round(box.height * scale));
  target
    .getContext('2d')
    ?.drawImage(canvas, box.x, box.y, box.width, box.height, 0, 0, target.width, target.height);
  return target;
}

/** @param {HTMLCanvasElement} canvas */
function inkBox(canvas) {
  const { width, height } = canvas;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data;
  if (!pixels) return undefined;
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[(y * width + x) * 4 + 3] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) return undefined;
  const margin = 4;
  const x = Math.max(0, left - margin);
  const y = Math.max(0, top - margin);
  return { x, y, width: Math.min(width, right + margin) - x, height: Math.min(height, bottom + margin) - y };
}
