/** `anna.k@example.com` → `a***@example.com`: enough for its owner to know it again. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at > 0 ? `${[...email][0] ?? ''}***${email.slice(at)}` : '***';
}

/** `+7 912 345-67-89` → `+7 *** ** 89` */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  if (digits.length < 6) return '***';
  return `${phone.trim().startsWith('+') ? '+' : ''}${digits.slice(0, 1)} *** ** ${digits.slice(-2)}`;
}
