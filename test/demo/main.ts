// `npm run demo`: the app, a stand-in portal and an outbox, for a person to click through.
// `npm run demo -- --auto`: the whole main job by itself, one printed line a step.
import { parseArgs } from 'node:util';
import { registerEmployee } from '../support/office-client.ts';
import { signaturePng } from '../support/signature-png.ts';
import { StepFailed, drive } from './drive.ts';
import { openDemo } from './stage.ts';
import type { DemoStage } from './stage.ts';

const PROVIDERS = ['builtin'];

const { values } = parseArgs({
  options: {
    auto: { type: 'boolean', default: false },
    provider: { type: 'string', default: 'builtin' },
    lang: { type: 'string', default: 'ru' },
  },
});

if (!PROVIDERS.includes(values.provider)) {
  console.error(`There is no provider "${values.provider}" (there is: ${PROVIDERS.join(', ')}).`);
  process.exit(1);
}

const stage = await openDemo(values.lang === 'en' ? 'en' : 'ru');
if (values.auto) await runByItself(stage);
else await invitePeople(stage);
// Agenda's leftover timers would keep the process for another minute and a half.
process.exit();

async function runByItself(demo: DemoStage): Promise<void> {
  try {
    await drive(demo, (line) => console.log(line));
    console.log('done');
  } catch (error) {
    console.error(`FAILED: ${error instanceof StepFailed ? error.message : String((error as Error).stack)}`);
    process.exitCode = 1;
  } finally {
    await demo.close();
  }
}

async function invitePeople(demo: DemoStage): Promise<void> {
  const { portal, appUrl, outboxUrl } = demo;
  await portal.installApp();
  await portal.finishInstall();
  // The director has a stored signature and a mandate; the manager signs by link.
  await registerEmployee(portal, 7, { signature: signaturePng(), mandate: true });
  await registerEmployee(portal, 12, { signature: signaturePng() });
  console.log(`
Countersign demo

  1. Deal card         ${portal.url}/crm/deal/details/77/
                       the app's tab is there; Automation runs "Send for signing"
  2. Outbox            ${outboxUrl}
                       invitations, codes and signed copies arrive here
  3. Verification      ${appUrl}/verify
                       upload the signed PDF

  Language: add --lang en. Another user: ${portal.url}/_portal/login?user=7&back=/crm/deal/details/77/
  Stop with Ctrl+C.
`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await demo.close();
}
