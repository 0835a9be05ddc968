/* global document */
import { ask, element, t } from './api.js';
import { attachBridge } from './bridge.js';

/**
 * Opens an app frame in a container: a hidden form is posted into an iframe named DOMAIN|PROTOCOL|APP_SID, as the
 * portal does. `request`: { app, placement, options, handler }, or a ready frame as { ready }.
 */
export async function openFrame(container, request, hooks = {}) {
  const frame = request.ready ?? (await ask('frame', request));
  if (!frame) {
    container.replaceChildren(
      element(
        'div',
        { class: 'refused', 'data-testid': 'frame-refused' },
        element('b', {}, t('frameRefused')),
        element('p', {}, t('frameRefusedText')),
      ),
    );
    return null;
  }
  const iframe = element('iframe', {
    name: frame.name,
    'data-testid': 'app-frame',
    'data-placement': frame.placement,
    title: frame.app,
    allow: 'geolocation *; microphone *; camera *; autoplay *',
  });
  const form = element('form', { method: 'POST', action: frame.action, target: frame.name, hidden: '' });
  for (const [name, value] of Object.entries(frame.fields)) {
    form.append(element('input', { type: 'hidden', name, value }));
  }
  container.replaceChildren(iframe);
  document.body.append(form);
  attachBridge({
    frame,
    iframe,
    container,
    hooks,
    reopen: () =>
      openFrame(
        container,
        request.ready
          ? { app: frame.app, placement: frame.placement, options: frame.init.PLACEMENT_OPTIONS }
          : request,
        hooks,
      ),
  });
  form.submit();
  form.remove();
  return iframe;
}
