export type Lang = 'ru' | 'en';
