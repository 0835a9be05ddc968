/**
 * Parameters of every method that the stand-in serves, in one line each: `name*:type`, a star for what must be there.
 * Types: int, num, bool (true/false, Y/N, 0/1), str (text, number or a map of languages), obj (map or list), any.
 * `fields` and the like that know a closed set of keys have a line of their own, `method > key`.
 * From the facts about the platform (official documentation of the methods).
 */
const ROBOT =
  'AUTH_USER_ID:int USE_SUBSCRIPTION:bool NAME*:str DESCRIPTION:str PROPERTIES:obj RETURN_PROPERTIES:obj ' +
  'DOCUMENT_TYPE:obj FILTER:obj USE_PLACEMENT:bool PLACEMENT_HANDLER:str';
const LIST = 'select:obj filter:obj order:obj start:int';
const NOTIFY = 'USER_ID*:int MESSAGE*:str MESSAGE_OUT:str TAG:str SUB_TAG:str ATTACH:obj CLIENT_ID:str';
const ACTIVITY =
  'typeId:str completed:bool deadline:any pingOffsets:obj isIncomingChannel:bool responsibleId:int badgeCode:str ' +
  'originatorId:str originId:str';

export const restRules: Record<string, string> = {
  batch: 'halt:bool cmd*:obj',
  profile: '',
  'app.info': '',
  scope: 'full:bool',
  methods: 'scope:str full:bool',
  'method.get': 'name*:str',
  'server.time': '',
  'feature.get': 'CODE*:str',
  'app.option.get': 'option:str',
  'app.option.set': 'options*:obj',
  'user.option.get': 'option:str',
  'user.option.set': 'options*:obj',
  'user.access': 'ACCESS*:obj',

  events: 'SCOPE:str FULL:bool',
  'event.bind': 'event*:str handler*:str auth_type:int event_type:str auth_connector:str options:obj',
  'event.unbind': 'event*:str handler*:str auth_type:int event_type:str',
  'event.get': '',
  'event.test': 'any:any',

  'placement.bind':
    'PLACEMENT*:str HANDLER*:str TITLE:str DESCRIPTION:str GROUP_NAME:str LANG_ALL:obj OPTIONS:obj USER_ID:int',
  'placement.unbind': 'PLACEMENT*:str HANDLER:str USER_ID:int',
  'placement.get': '',
  'placement.list': 'SCOPE:str FULL:bool',

  'bizproc.robot.add': `CODE*:str HANDLER*:str ${ROBOT}`,
  'bizproc.robot.update': 'CODE*:str FIELDS*:obj',
  'bizproc.robot.update > FIELDS': `HANDLER*:str ${ROBOT}`,
  'bizproc.robot.delete': 'CODE*:str',
  'bizproc.robot.list': '',
  'bizproc.activity.add': `CODE*:str HANDLER*:str ${ROBOT}`,
  'bizproc.activity.update': 'CODE*:str FIELDS*:obj',
  'bizproc.activity.update > FIELDS': `HANDLER*:str ${ROBOT}`,
  'bizproc.activity.delete': 'CODE*:str',
  'bizproc.activity.list': '',
  'bizproc.activity.log': 'EVENT_TOKEN*:str LOG_MESSAGE*:str',
  'bizproc.event.send': 'EVENT_TOKEN*:str RETURN_VALUES:obj LOG_MESSAGE:str',

  'crm.item.get': 'entityTypeId*:int id*:int useOriginalUfNames:bool',
  'crm.item.list': `entityTypeId*:int ${LIST} useOriginalUfNames:bool`,
  'crm.item.update': 'entityTypeId*:int id*:int fields*:obj useOriginalUfNames:bool',
  'crm.item.update > fields':
    'title:str honorific:str name:str secondName:str lastName:str birthdate:any companyTitle:str sourceId:str ' +
    'sourceDescription:str stageId:str statusDescription:str post:str currencyId:str isManualOpportunity:bool ' +
    'opportunity:num opened:bool comments:str assignedById:int companyId:int contactId:int contactIds:obj ' +
    'originatorId:str originId:str webformId:int observers:obj utmSource:str utmMedium:str utmCampaign:str ' +
    'utmContent:str utmTerm:str fm:obj',
  'crm.item.fields': 'entityTypeId*:int useOriginalUfNames:bool',
  'crm.deal.get': 'id*:int',
  'crm.deal.list': LIST,
  'crm.deal.update': 'id*:int fields:obj params:obj',
  'crm.deal.contact.items.get': 'id*:int',
  'crm.contact.get': 'id*:int',
  'crm.contact.list': LIST,
  'crm.company.get': 'id*:int',
  'crm.requisite.list': LIST,
  'crm.address.list': LIST,

  'crm.documentgenerator.document.get': 'id*:int',
  'crm.documentgenerator.document.list': LIST,
  'crm.documentgenerator.document.upload': 'fields*:obj',
  'crm.documentgenerator.document.upload > fields':
    'entityTypeId*:int entityId*:int fileContent*:str region*:str title*:str number*:str pdfContent:str imageContent:str',
  'crm.documentgenerator.document.enablepublicurl': 'id*:int status:int',
  'crm.documentgenerator.template.list': LIST,

  'crm.timeline.comment.add': 'fields*:obj',
  'crm.timeline.comment.add > fields': 'ENTITY_ID*:int ENTITY_TYPE*:str COMMENT*:str FILES:any',
  'crm.timeline.logmessage.add': 'fields*:obj',
  'crm.timeline.logmessage.add > fields':
    'entityTypeId*:int entityId*:int title*:str text*:str iconCode*:str',
  'crm.timeline.logmessage.list': 'entityTypeId*:int entityId*:int order:obj start:int',
  'crm.timeline.icon.list': '',

  'crm.activity.configurable.add': 'ownerTypeId*:int ownerId*:int fields*:obj layout*:obj',
  'crm.activity.configurable.add > fields': ACTIVITY,
  'crm.activity.configurable.update': 'id*:int fields*:obj layout*:obj',
  'crm.activity.configurable.update > fields': ACTIVITY,
  'crm.activity.configurable.get': 'id*:int',
  'crm.activity.todo.add':
    'ownerTypeId*:int ownerId*:int deadline*:any title:str description:str responsibleId:int parentActivityId:int ' +
    'pingOffsets:obj colorId:str',
  'crm.activity.badge.add': 'code*:str title*:str value*:str type*:str',
  'crm.activity.list': LIST,

  'crm.automation.trigger.add': 'CODE*:str NAME*:str',
  'crm.automation.trigger.list': '',
  'crm.automation.trigger.delete': 'CODE*:str',
  'crm.automation.trigger.execute': 'CODE*:str OWNER_TYPE_ID*:int OWNER_ID*:int',

  'im.notify.system.add': NOTIFY,
  'im.notify.personal.add': NOTIFY,

  'user.admin': '',
  'user.current': '',
  'user.get': 'sort:str order:str FILTER:str ADMIN_MODE:bool select:obj IMAGE_RESIZE:str start:int',
  'user.search': 'FILTER:str sort:str order:str ADMIN_MODE:bool select:obj start:int',
  'department.get': 'sort:str order:str ID:int NAME:str SORT:int PARENT:int UF_HEAD:int START:int',

  'disk.file.get': 'id*:int',
  'disk.storage.getforapp': '',
  'disk.folder.uploadfile': 'id*:int data:obj fileContent:any generateUniqueName:bool rights:obj',
};
