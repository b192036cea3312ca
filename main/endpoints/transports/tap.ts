/** Listening in on a connection to a device, below everything that gives meaning to what passes. */
import type { HttpLink } from './http.ts';
import type { Shell } from './ssh.ts';

/** What passes over a connection comes through what these give back, whichever of them it is. */
export interface LinkTap {
  shell(shell: Shell, over: 'ssh' | 'telnet'): Shell;
  http(link: HttpLink): HttpLink;
}
