import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import type { Router } from 'express';

/** Read by path: some packages do not export their package.json, so the module resolver cannot find the folder. */
const packageFolder = (name: string): string =>
  fileURLToPath(new URL(`../../node_modules/${name}/`, import.meta.url));

/** Browser files of packages, served from where npm put them: nothing is copied, nothing comes from elsewhere. */
const VENDOR: Record<string, { package: string; folders: readonly string[] }> = {
  pdfjs: { package: 'pdfjs-dist', folders: ['build', 'cmaps', 'standard_fonts', 'wasm'] },
  dejavu: { package: 'dejavu-fonts-ttf', folders: ['ttf'] },
  'signature-pad': { package: 'signature_pad', folders: ['dist'] },
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
    for (const folder of vendor.folders) {
      const path = folder === 'dist' ? `/:version/vendor/${name}` : `/:version/vendor/${name}/${folder}`;
      router.use(path, express.static(join(packageFolder(vendor.package), folder), options));
    }
  }
  router.use('/:version', express.static(fileURLToPath(new URL('../../public/', import.meta.url)), options));
  return router;
}
