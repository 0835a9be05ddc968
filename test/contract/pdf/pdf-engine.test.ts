import { sharedEngine } from '../../fixtures/pdf/test-engine.ts';
import { pdfEngineSuite } from './pdf-engine-suite.ts';

describe('PdfEngine contract: the engine in workers', function () {
  this.timeout(30_000);
  pdfEngineSuite(sharedEngine);
});
