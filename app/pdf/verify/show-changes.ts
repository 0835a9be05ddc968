import type { PDF } from '@libpdf/core';
import { encode } from 'fast-png';
import type { ChangedPage, DocumentChange, PagePlace, SignatureFinding } from '../../ports/pdf-engine.ts';
import { visiblePage } from '../drawing/page-geometry.ts';
import { openRaster } from '../raster/open-raster.ts';
import type { PageImage, Raster } from '../raster/open-raster.ts';
import type { ByteRange } from './check-byte-range.ts';
import { diffPictures } from './diff-pictures.ts';
import type { PixelBox } from './diff-pictures.ts';

const MAX_PAGES = 50;
/** Pixels per point: for comparing, and for pictures that somebody looks at. */
const SCALE = 1;
const PICTURE_SCALE = 1.5;
/** Larger pages (an A2 at a pixel a point) are drawn smaller: 50 of them have to be done within the job's deadline. */
const MAX_PIXELS = 4_000_000;
/** Of all pictures: they are sent inside of an answer, and noise cannot be packed. Honest pages take a hundredth. */
const MAX_PICTURE_BYTES = 16 * 2 ** 20;
/** Points by which drawing may reach over the edge of its place: half a line, smoothing. */
const MARGIN = 2;

type Place = ChangedPage['places'][number];

/**
 * Says which pages look different than when the document was first signed, and where. Nothing is drawn when all that came
 * are marks in their own places; as soon as anything else changed, the pictures of the pages are a second opinion: what
 * differs outside the permitted places although the structure has no change there is added to the changes.
 * @param first the oldest signature; gets the change `looks_different`
 * @param changes what came after it
 * @param pictures wanted for at most so many pages
 */
export async function showChanges(
  file: Buffer,
  pdf: PDF,
  { range, finding }: { range?: Pick<ByteRange, 'end'>; finding: Pick<SignatureFinding, 'changesAfter'> },
  changes: DocumentChange[],
  pictures: number,
): Promise<ChangedPage[]> {
  const pages = new Map<number, ChangedPage>();
  for (const { page, place, permitted } of changes) {
    if (page === undefined || (permitted && !place)) continue;
    const known = pages.get(page) ?? emptyPage(pdf, page);
    pages.set(page, known);
    if (place) addPlace(known, { ...place, permitted });
  }
  const doubtful = changes.some(({ permitted }) => !permitted);
  const anywhere = changes.some(({ permitted, page }) => !permitted && page === undefined);
  const wanted = [...pages.keys()].sort((a, b) => a - b);
  if (range && (doubtful || (pictures > 0 && wanted.length > 0))) {
    const rasters = await openBoth(file.subarray(0, range.end), file);
    if (rasters) {
      const last = Math.max(rasters.signed.pages, rasters.now.pages);
      const looked = anywhere ? Array.from({ length: last }, (_, index) => index + 1) : wanted;
      let left = pictures;
      let bytes = 0;
      try {
        for (const page of looked.slice(0, MAX_PAGES)) {
          const found = await lookAt(rasters, page, pages.get(page) ?? emptyPage(pdf, page), left > 0);
          bytes += (found.signed?.length ?? 0) + (found.now?.length ?? 0);
          if (bytes > MAX_PICTURE_BYTES) {
            found.signed = found.now = undefined;
            left = 0;
          }
          if (found.places.length === 0) pages.delete(page);
          else pages.set(page, found);
          if (found.places.length > 0 && (found.now ?? found.signed)) left--;
          reportUnexplained(finding.changesAfter, found);
        }
      } finally {
        rasters.signed.close();
        rasters.now.close();
      }
    }
  }
  return [...pages.values()].sort((a, b) => a.page - b.page).slice(0, MAX_PAGES);
}

interface Rasters {
  signed: Raster;
  now: Raster;
}

async function openBoth(signed: Uint8Array, now: Uint8Array): Promise<Rasters | undefined> {
  const first = await openRaster(signed).catch(() => undefined);
  const second = first && (await openRaster(now).catch(() => undefined));
  if (first && second) return { signed: first, now: second };
  first?.close();
  return undefined;
}

function emptyPage(pdf: PDF, page: number): ChangedPage {
  const found = pdf.getPage(page - 1);
  const { width, height } = found ? visiblePage(pdf, found.dict) : { width: 0, height: 0 };
  return { page, width, height, places: [] };
}

const isSame = (a: PagePlace, b: PagePlace): boolean =>
  a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;

/** A place that is listed already needs no second frame. */
function addPlace({ places }: ChangedPage, place: Place): void {
  const same = places.some((known) => known.permitted === place.permitted && isSame(known, place));
  if (!same) places.push(place);
}

/** Compares one page with itself when it was signed. */
async function lookAt(
  rasters: Rasters,
  number: number,
  page: ChangedPage,
  picture: boolean,
): Promise<ChangedPage> {
  const pixels = Math.max(1, page.width * page.height);
  const scale = Math.min(picture ? PICTURE_SCALE : SCALE, Math.sqrt(MAX_PIXELS / pixels));
  const [signed, now] = [await draw(rasters.signed, number, scale), await draw(rasters.now, number, scale)];
  if (page.width === 0 && signed)
    Object.assign(page, { width: signed.width / scale, height: signed.height / scale });
  const whole = { x: 0, y: 0, width: page.width, height: page.height, permitted: false };
  if (!signed || !now) {
    // One that cannot be drawn is reported from its structure; one that came or went is changed as a whole.
    const gone = number > rasters.signed.pages !== number > rasters.now.pages;
    if (gone) addPlace(page, whole);
  } else if (signed.width !== now.width || signed.height !== now.height) addPlace(page, whole);
  else {
    const permitted = page.places.filter((place) => place.permitted);
    const accounted = permitted.map((place) => toPixels(place, now, page));
    for (const box of diffPictures(signed, now, accounted)) {
      addPlace(page, { ...toPoints(box, now, page), permitted: false });
    }
  }
  if (!picture || page.places.length === 0) return page;
  return { ...page, signed: signed && toPng(signed), now: now && toPng(now) };
}

async function draw(raster: Raster, number: number, scale: number): Promise<PageImage | undefined> {
  if (number > raster.pages) return undefined;
  return raster.render(number - 1, scale).catch(() => undefined);
}

function toPoints({ left, top, right, bottom }: PixelBox, image: PageImage, page: ChangedPage): PagePlace {
  const [x, y] = [page.width / image.width, page.height / image.height];
  return { x: left * x, y: top * y, width: (right - left) * x, height: (bottom - top) * y };
}

/** The pixels of a place and a little around it. */
function toPixels(place: PagePlace, image: PageImage, page: ChangedPage): PixelBox {
  const [x, y] = [image.width / page.width, image.height / page.height];
  return {
    left: (place.x - MARGIN) * x,
    top: (place.y - MARGIN) * y,
    right: (place.x + place.width + MARGIN) * x,
    bottom: (place.y + place.height + MARGIN) * y,
  };
}

/** A difference that one sees but that no change of the structure accounts for. */
function reportUnexplained(changes: DocumentChange[], { page, places }: ChangedPage): void {
  const told = changes.some((change) => !change.permitted && (change.page ?? page) === page);
  const seen = places.find(({ permitted }) => !permitted);
  if (told || !seen) return;
  const { x, y, width, height } = seen;
  changes.push({
    code: 'looks_different',
    path: `/Page ${page}`,
    permitted: false,
    page,
    place: { x, y, width, height },
  });
}

function toPng({ width, height, pixels }: PageImage): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = pixels[from]!;
    data[to + 1] = pixels[from + 1]!;
    data[to + 2] = pixels[from + 2]!;
  }
  return encode({ width, height, data, channels: 3 });
}
