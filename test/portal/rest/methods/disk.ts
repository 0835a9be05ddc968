import { isoDate } from '../../clock.ts';
import type { StoredFile } from '../../types.ts';
import { downloadUrl } from '../downloads.ts';
import { ok, type Call, type Methods } from '../method.ts';
import { filePair, map, requiredId, text } from '../params.ts';
import { RestError } from '../rest-error.ts';

const APP_STORAGE = 1357;
const APP_FOLDER = 8996;

function shape(call: Call, file: StoredFile): Record<string, unknown> {
  return {
    ID: String(file.id),
    NAME: file.name,
    CODE: null,
    STORAGE_ID: String(APP_STORAGE),
    TYPE: 'file',
    PARENT_ID: String(APP_FOLDER),
    DELETED_TYPE: '0',
    FILE_ID: String(file.id + 30_000),
    SIZE: String(file.content.length),
    CREATE_TIME: isoDate(file.at),
    UPDATE_TIME: isoDate(file.at),
    CREATED_BY: '1',
    DOWNLOAD_URL: downloadUrl(call.portal, call.token.accessToken, 'download', file.id),
    DETAIL_URL: `${call.portal.url}/disk/file/${file.id}/`,
  };
}

/** Drive. */
export const diskMethods: Methods = {
  'disk.file.get': {
    scope: 'disk',
    run: (call) => {
      const file = call.portal.files.get(requiredId(call.params, 'id'));
      if (!file) throw new RestError('ERROR_NOT_FOUND', 'Could not find entity with id');
      return ok(shape(call, file));
    },
  },
  'disk.storage.getforapp': {
    scope: 'disk',
    app: true,
    run: () =>
      ok({
        ID: String(APP_STORAGE),
        NAME: 'Application storage',
        ENTITY_TYPE: 'restapp',
        ROOT_OBJECT_ID: String(APP_FOLDER),
      }),
  },
  'disk.folder.uploadfile': {
    scope: 'disk',
    run: (call) => {
      requiredId(call.params, 'id');
      if (call.params['fileContent'] === undefined) {
        return ok({ field: 'file', uploadUrl: `${call.portal.url}/rest/upload.json` });
      }
      const { name, content } = filePair(call.params['fileContent']);
      const wanted = text(map(call.params['data'])['NAME']) || name;
      const source = 'disk.folder.uploadfile';
      return ok(shape(call, call.portal.files.store({ name: wanted, content, source })));
    },
  },
};
