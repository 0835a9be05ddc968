import { signaturePng } from '../test/support/signature-png.ts';
import { openStage } from '../test/support/run-app.ts';
import { measure } from './measure.ts';
import type { Measurement } from './measure.ts';

const MARK = signaturePng();

/** The answer to a robot's POST, and sealing and verifying a short contract, in the running app. */
export async function benchApp(): Promise<Measurement[]> {
  const stage = await openStage({ env: { START_CREDITS: '0' } });
  const { pdf, clock } = stage.app.container;
  try {
    const run = await stage.portal.runRobot('send_for_signing', { dealId: 77, properties: {} });
    const form = run.deliveries[0]!.fields as Record<string, string>;
    const post = (i: number) =>
      stage.portal.postToApp(`${stage.url}/robots/send_for_signing`, {
        ...form,
        event_token: `${run.eventToken}${i}`,
      });
    const source = stage.portal.documents(77).find((document) => document.id === 300)!.pdf!;
    const seal = () =>
      pdf.sealBundle({
        pdf: source,
        signers: ['Иван Петров', 'Алексей Смирнов'].map((name, index) => ({
          id: `s${index + 1}`,
          step: index + 1,
          name,
          identifiedBy: 'e-mail',
          signedAt: clock.now(),
          purposeText: 'Подпись',
          mark: { kind: 'drawn', png: MARK },
        })),
        signing: { id: 'CS-BENCH', title: 'Договор', lang: 'ru', verifyUrl: `${stage.url}/verify/x` },
        sealedAt: clock.now(),
      });
    const sealed = await seal();
    return [
      await measure('robot POST answered', 100, post),
      await measure('seal a contract with a signature page', 20, seal),
      await measure('verify it', 20, () => pdf.verify({ pdf: sealed.pdf, at: clock.now() })),
    ];
  } finally {
    await stage.close();
  }
}
