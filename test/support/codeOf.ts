import { asOtjError, type ErrorCode, type OtjError } from '../../main/contract/errors.ts';

/** The error that some work ends with; `undefined` when it ends well. */
export async function errorOf(work: () => unknown): Promise<OtjError | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    return asOtjError(thrown);
  }
}

export async function codeOf(work: () => unknown): Promise<ErrorCode | undefined> {
  return (await errorOf(work))?.code;
}
