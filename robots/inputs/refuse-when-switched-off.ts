import { Refusal } from '../../app/domain/refusal.ts';
import type { RobotRun } from '../../app/ports/robot-run-store.ts';
import type { PortalSettings, SettingsStore } from '../../app/ports/settings-store.ts';

/** The first check of every robot. @throws Refusal 170; @returns the portal's settings */
export async function refuseWhenSwitchedOff(
  settings: SettingsStore,
  run: Pick<RobotRun, 'portalId' | 'robot'>,
): Promise<PortalSettings> {
  const found = await settings.get(run.portalId);
  if (found.robots[run.robot] === false) throw new Refusal('ROBOT_DISABLED');
  return found;
}
