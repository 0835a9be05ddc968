import { createApi, showError } from './api.js';
import { createConfirmStep } from './confirm-step.js';
import { createDeclineDialog } from './decline-dialog.js';
import { showLocalTimes } from './local-times.js';
import { byId, readConfig } from './page-config.js';
import { reportOpening } from './report-opening.js';
import { showDocuments } from './show-documents.js';
import { createSignStep } from './sign-step.js';
import { createSteps } from './steps.js';

/** @type {import('./page-config.js').SignConfig} */
const config = readConfig();
const api = createApi(config);
let { identified } = config;

showLocalTimes();
reportOpening(api);
showDocuments(config);
createDeclineDialog(config, api);

const signStep = createSignStep(config, api, (why) => {
  identified = false;
  steps.go('confirm');
  showError(byId('send-error'), why);
});
const steps = createSteps({
  mayEnter: (step) => (step === 'read' ? 'read' : identified ? 'sign' : 'confirm'),
  entered: (step) => {
    if (step === 'sign') signStep.enter();
  },
});
createConfirmStep(config, api, () => {
  identified = true;
  steps.go('sign');
});
steps.start();

// A strict cookie does not come along when the link is followed from a mail: the page asks for itself.
api
  .get('status')
  .then((status) => {
    if (status.state !== 'sign') location.reload();
    identified ||= status.identified === true;
  })
  .catch(() => {});
// Coming back through the browser's cache must not show a form for what is signed already.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
