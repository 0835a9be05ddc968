import type { Connection, Model, Schema, SchemaOptions } from 'mongoose';

/**
 * What all our schemas share. Fields that are filtered on are declared; parts that the store only carries are Mixed,
 * because the domain's types are their schema and a second copy of them would lose what it does not know.
 * `minimize: false` keeps empty objects, `strict: 'throw'` turns a misspelt field into an error.
 */
export const schemaOptions = {
  versionKey: false,
  id: false,
  minimize: false,
  strict: 'throw',
  autoIndex: false,
  autoCreate: false,
} as const satisfies SchemaOptions;

export interface ModelDefinition<T> {
  readonly collection: string;
  readonly schema: Schema<T>;
  /** The model on a connection; the same one however often it is asked for. */
  on(connection: Connection): Model<T>;
}

/** A model that exists once per connection: we never use mongoose's global connection. */
export function defineModel<T>(collection: string, schema: Schema<T>): ModelDefinition<T> {
  return {
    collection,
    schema,
    on: (connection) =>
      (connection.models[collection] as Model<T> | undefined) ??
      connection.model<T>(collection, schema, collection),
  };
}
