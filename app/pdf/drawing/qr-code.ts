import QRCode from 'qrcode';
import type { Canvas } from './canvas.ts';
import type { Color } from './typesetting.ts';

/** Draws a QR code as vector squares, error correction M, with no quiet zone of its own: keep 4 modules free. */
export function drawQrCode(
  canvas: Canvas,
  content: string,
  at: { x: number; y: number; size: number },
  color: Color,
): void {
  const { modules } = QRCode.create(content, { errorCorrectionLevel: 'M' });
  const cell = at.size / modules.size;
  const cells: [number, number][] = [];
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (!modules.get(row, column)) continue;
      cells.push([at.x + column * cell, at.y + at.size - (row + 1) * cell]);
    }
  }
  canvas.squares(cells, cell * 1.01, color); // a hair larger: no white lines between squares on screens
}
