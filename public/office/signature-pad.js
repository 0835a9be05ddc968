/**
 * A place to draw a signature with mouse, pen or finger.
 * @param {HTMLCanvasElement} canvas
 */
export function createPad(canvas) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.strokeStyle = '#12306b';
  let empty = true;
  /** @type {{ x: number, y: number } | undefined} */
  let last;

  /** @param {PointerEvent} event */
  const pointOf = (event) => {
    const box = canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) * canvas.width) / box.width,
      y: ((event.clientY - box.top) * canvas.height) / box.height,
    };
  };
  canvas.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    last = pointOf(event);
    context.lineWidth = 5;
    context.beginPath();
    context.moveTo(last.x, last.y);
    context.lineTo(last.x, last.y);
    context.stroke();
    empty = false;
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!last) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const point = pointOf(each);
      const middle = { x: (last.x + point.x) / 2, y: (last.y + point.y) / 2 };
      context.quadraticCurveTo(last.x, last.y, middle.x, middle.y);
      context.stroke();
      context.beginPath();
      context.moveTo(middle.x, middle.y);
      last = point;
    }
  });
  for (const type of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(type, () => void (last = undefined));
  }

  return {
    isEmpty: () => empty,
    clear() {
      context.clearRect(0, 0, canvas.width, canvas.height);
      empty = true;
    },
    /** @returns {Promise<Blob | null>} a PNG with a transparent ground */
    toPng: () => new Promise((resolve) => canvas.toBlob(resolve, 'image/png')),
  };
}
