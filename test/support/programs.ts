/** Programs of Linux that tests start in namespaces: part of every system, so not among what the project asks for. */
export const IP = 'ip';
export const UNSHARE = 'unshare';
export const NSENTER = 'nsenter';
