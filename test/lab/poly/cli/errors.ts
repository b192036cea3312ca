/** A refusal in the device's own words, as its message table has them (https://github.com/HL727/Meeting). */
export class Refusal extends Error {}

export const notFound = () => new Refusal('error: command not found');
export const illegal = () => new Refusal('error: command has illegal parameters');
export const needsMore = () => new Refusal('error: command needs more parameters to execute successfully');
export const unterminated = () => new Refusal('error: command contains unterminated quoted string');
export const unsupported = () => new Refusal('error: this command is not supported');
export const denied = () => new Refusal('error: Permission Denied');
export const noSub = (word: string) => new Refusal(` error: sub command "${word}" not found`);
