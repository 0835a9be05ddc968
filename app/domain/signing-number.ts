/** How people see a signing's id: short, upper case, easy to read out over the phone. */
export const signingNumber = (signingId: string): string => `CS-${signingId.slice(-8).toUpperCase()}`;
