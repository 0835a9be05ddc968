import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { EVENTS, EVENTS_PATH, PLACEMENTS, SCOPES, TRIGGERS } from '../../../installer/declared-state.ts';
import { robotDefinitions } from '../../../robots/index.ts';

const read = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')) as Record<string, unknown>;

describe('manifest.json', () => {
  const manifest = read('manifest.json');

  it('when the app declares something, expected the same in the manifest', () => {
    expect(manifest['scopes']).to.deep.equal([...SCOPES]);
    expect(manifest['triggers']).to.deep.equal([...TRIGGERS]);
    expect(manifest['events']).to.deep.equal({
      handler: EVENTS_PATH,
      names: EVENTS.map(({ event }) => event),
    });
    expect(manifest['placements']).to.deep.equal(
      PLACEMENTS.map(({ placement, path }) => ({ placement, handler: path })),
    );
    const robots = robotDefinitions.map(({ code, handlerPath, settingsPath }) => ({
      code,
      handler: handlerPath,
      ...(settingsPath !== undefined && { settings: settingsPath }),
    }));
    expect(manifest['robots']).to.deep.equal(robots);
  });

  it('when the package has a version, expected it in the manifest', () => {
    expect(manifest['version']).to.equal(read('package.json')['version']);
  });
});
