/** All that needs msal, in one piece that is loaded when it is first wanted. */
export { accountsIn, forgetAccount } from './accounts.ts';
export { signIn } from './signIn.ts';
export { openTokens } from './silent.ts';
