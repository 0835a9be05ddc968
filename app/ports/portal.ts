import type { Language } from '../domain/signing.ts';
import type { ReturnValues } from './robot-run-store.ts';

/** A call the portal refused or did not answer. `code` is Bitrix24's error code or one of ours in lower case. */
export class PortalError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  /** Seconds to wait before trying again, when the portal said so. */
  readonly retryAfterS?: number;
  constructor(code: string, message: string, retryable: boolean, retryAfterS?: number) {
    super(message);
    this.name = 'PortalError';
    this.code = code;
    this.retryable = retryable;
    this.retryAfterS = retryAfterS;
  }
}

export interface PortalUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly position: string;
  readonly active: boolean;
}

export interface Deal {
  readonly id: string;
  readonly title: string;
  readonly assignedById: string;
  readonly stageId: string;
}

export interface Contact {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly secondName: string;
  readonly email: string;
  readonly phone: string;
  readonly position: string;
  readonly companyId: string;
  readonly companyTitle: string;
}

/** A document of the document generator. Its PDF is made some time after the document. */
export interface PortalDocument {
  readonly id: string;
  readonly title: string;
  readonly number: string;
  readonly entityTypeId: string;
  readonly entityId: string;
  readonly pdf: 'ready' | 'pending' | 'failed';
}

/** What a robot run asks about; what does not exist is missing from the answer. */
export interface FactsQuery {
  /** The user it is assigned to is read too. */
  readonly dealId?: string;
  readonly userIds?: readonly string[];
  readonly contactIds?: readonly string[];
  /** Their primary contact is read too. */
  readonly companyIds?: readonly string[];
  readonly documentIds?: readonly string[];
}
export interface Facts {
  readonly deal?: Deal;
  readonly users: ReadonlyMap<string, PortalUser>;
  readonly contacts: ReadonlyMap<string, Contact>;
  /** Company id → id of its primary contact (which is in `contacts`), empty when it has none. */
  readonly companyContacts: ReadonlyMap<string, string>;
  readonly documents: ReadonlyMap<string, PortalDocument>;
  /** The portal's zone as an offset (`+03:00`), which its people expect times in; empty when it did not say. */
  readonly timeZone: string;
}

export interface TimelineEntry {
  readonly dealId: string;
  readonly title: string;
  readonly text: string;
  readonly icon: string;
}

/** The live card of a signing; the gateway turns it into a configurable activity. */
export interface SigningCard {
  readonly signingId: string;
  readonly dealId: string;
  readonly responsibleId: string;
  /** Set when the card exists already. */
  readonly cardId?: string;
  readonly completed: boolean;
  readonly deadline: Date;
  readonly title: string;
  readonly statusText: string;
  readonly statusTone: 'primary' | 'success' | 'warning' | 'failure' | 'secondary';
  readonly rows: readonly { readonly title: string; readonly value: string }[];
  readonly openLabel: string;
}

export interface Notification {
  readonly userId: string;
  readonly message: string;
  /** A later notification with the same tag replaces this one. */
  readonly tag: string;
}

/** Something to be shown in the portal; several go out in one batch. */
export type Projection =
  | { readonly kind: 'timeline'; readonly entry: TimelineEntry }
  | { readonly kind: 'card'; readonly card: SigningCard }
  | { readonly kind: 'notify'; readonly notification: Notification };

/** What became of one projection; `cardId` for a card. */
export type ProjectionOutcome =
  { readonly ok: true; readonly cardId?: string } | { readonly ok: false; readonly error: PortalError };

/**
 * The customer's portal, as the rest of the app sees it. Every method works with the installation's stored tokens,
 * keeps to the portal's rate, and throws PortalError. Adds are never repeated behind the caller's back.
 */
export interface Portal {
  /** Reads everything a robot run needs in as few requests as possible (one batch). */
  readFacts(portalId: string, query: FactsQuery): Promise<Facts>;

  /** Active users of a department, sub-departments included when `deep`. */
  usersOfDepartment(portalId: string, departmentId: string, deep: boolean): Promise<PortalUser[]>;

  /** Active users whose name or e-mail contains the text, at most 50. */
  searchUsers(portalId: string, text: string): Promise<PortalUser[]>;

  /**
   * The PDF of a generated document.
   * @throws PortalError `document_not_ready` while the portal has not made it, `document_failed` when it never will,
   *   `too_large`
   */
  downloadDocument(portalId: string, documentId: string, maxBytes: number): Promise<Uint8Array>;

  /** The documents of a deal, newest first. */
  listDocuments(portalId: string, dealId: string): Promise<PortalDocument[]>;

  /**
   * Puts a PDF among the deal's documents.
   * @param document.number unique for this file; with `checkFirst` (a repeat after an unclear answer) an existing
   *   document with that number is returned instead of making a second one
   * @returns the document's id, usable by later steps of a process
   */
  uploadDocument(
    portalId: string,
    document: {
      dealId: string;
      title: string;
      number: string;
      pdf: Uint8Array;
      language: Language;
      checkFirst: boolean;
    },
  ): Promise<string>;

  /**
   * Shows things in the portal, in one request where the portal lets several travel together.
   * @param repeat the same projections were sent before and the answer is unknown: look before adding
   */
  project(
    portalId: string,
    projections: readonly Projection[],
    repeat: boolean,
  ): Promise<ProjectionOutcome[]>;

  /** Hands values to a waiting robot. True says only that the portal took them: the process may be gone. */
  returnToProcess(
    portalId: string,
    eventToken: string,
    values: ReturnValues,
    logMessage: string,
  ): Promise<void>;

  /** A line in the process's log while it waits. */
  logToProcess(portalId: string, eventToken: string, message: string): Promise<void>;

  /** Fires a CRM trigger on a deal. */
  fireTrigger(portalId: string, code: string, dealId: string): Promise<void>;
}
