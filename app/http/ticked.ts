import { z } from 'zod';

/** A checkbox: a form leaves out what is not ticked. */
export const ticked = z
  .unknown()
  .optional()
  .transform((value) => value !== undefined);
