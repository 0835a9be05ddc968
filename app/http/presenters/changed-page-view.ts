import type { ChangedPage } from '../../ports/pdf-engine.ts';

/** Places per page that are outlined; a page full of outlines says no more. */
const MAX_PLACES = 60;
/** Points by which an outline stays away from what it marks, and the least width and height that can be seen. */
const MARGIN = 3;
const LEAST = 12;

export interface PlaceView {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly permitted: boolean;
}

/** A page before and now, with the places that differ outlined in the page's own points. */
export interface ChangedPageView {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  /** Not permitted first drawn last, so that nothing lies over them. */
  readonly places: readonly PlaceView[];
  readonly forbidden: number;
  readonly permitted: number;
  /** `data:` addresses: the pictures belong to this answer and are kept nowhere. */
  readonly signed?: string;
  readonly now?: string;
}

export function changedPageView(changed: ChangedPage): ChangedPageView {
  const { page, width, height } = changed;
  const forbidden = changed.places.filter((place) => !place.permitted);
  const permitted = changed.places.filter((place) => place.permitted);
  const outlined = [...forbidden, ...permitted].slice(0, MAX_PLACES).reverse();
  return {
    page,
    width,
    height,
    places: outlined.map((place) => outline(place, width, height)),
    forbidden: forbidden.length,
    permitted: permitted.length,
    signed: dataAddress(changed.signed),
    now: dataAddress(changed.now),
  };
}

function outline(place: ChangedPage['places'][number], pageWidth: number, pageHeight: number): PlaceView {
  const [x, width] = spread(place.x, place.width, pageWidth);
  const [y, height] = spread(place.y, place.height, pageHeight);
  return { x, y, width, height, permitted: place.permitted };
}

/** @returns start and length of an outline around a stretch; what lies off the page is shown at its edge */
function spread(start: number, length: number, page: number): [number, number] {
  const wanted = Math.min(page, Math.max(LEAST, length + 2 * MARGIN));
  const from = start + length / 2 - wanted / 2;
  return [round(Math.min(Math.max(0, from), page - wanted)), round(wanted)];
}

const round = (points: number): number => Math.round(points * 10) / 10;

const dataAddress = (png: Uint8Array | undefined): string | undefined =>
  png && `data:image/png;base64,${Buffer.from(png.buffer, png.byteOffset, png.length).toString('base64')}`;
