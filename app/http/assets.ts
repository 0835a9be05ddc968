import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import type { Router } from 'express';
import { createCompressedFiles } from './compressed-files.ts';

/** Read by path: some packages do not export their package.json, so the module resolver cannot find the folder. */
const packageFolder = (name: string): string =>
  fileURLToPath(new URL(`../../node_modules/${name}/`, import.meta.url));

/** Browser files of packages, served from where npm put them: nothing is copied, nothing comes from elsewhere. */
const VENDOR: Record<string, { package: string; folders: Readonly<Record<string, string>> }> = {
  pdfjs: {
    package: 'pdfjs-dist',
    folders: {
      // The plain build wants `Map.prototype.getOrInsertComputed` and `Math.sumPrecise`, which browsers of a year ago lack.
      '/build': 'legacy/build',
      '/cmaps': 'cmaps',
      '/standard_fonts': 'standard_fonts',
      '/wasm': 'wasm',
    },
  },
  dejavu: { package: 'dejavu-fonts-ttf', folders: { '/ttf': 'ttf' } },
  'signature-pad': { package: 'signature_pad', folders: { '': 'dist' } },
};

/** `/assets/<version>/…`: files never change under one version, so browsers keep them for a year. */
export function createAssetRoutes(): Router {
  const router = express.Router();
  const options = {
    immutable: true,
    maxAge: '365d',
    index: false,
    redirect: false,
    fallthrough: true,
  } as const;
  for (const [name, vendor] of Object.entries(VENDOR)) {
    for (const [path, folder] of Object.entries(vendor.folders)) {
      serve(`/:version/vendor/${name}${path}`, join(packageFolder(vendor.package), folder));
    }
  }
  serve('/:version', fileURLToPath(new URL('../../public/', import.meta.url)));
  return router;

  function serve(path: string, folder: string): void {
    router.use(path, createCompressedFiles(folder), express.static(folder, options));
  }
}
