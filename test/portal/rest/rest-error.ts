/** An error as REST answers it: code, HTTP status, text. */
export class RestError extends Error {
  readonly code: string;
  readonly status: number;
  readonly extra: Record<string, unknown>;

  constructor(code: string, text: string, status = 400, extra: Record<string, unknown> = {}) {
    super(text);
    this.code = code;
    this.status = status;
    this.extra = extra;
  }
}

export const accessDenied = (text = 'Access denied!') => new RestError('ACCESS_DENIED', text, 403);
export const methodNotFound = () => new RestError('ERROR_METHOD_NOT_FOUND', 'Method not found!', 404);
export const argumentMissing = (name: string) =>
  new RestError('ERROR_ARGUMENT', `Argument '${name}' is null or empty`, 400, { argument: name });
export const requiredMissing = (name: string) =>
  new RestError('100', `Could not find value for parameter {${name}}`);
