/** All that the window of the desktop app has of Electron: the two functions of the bridge. */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import type { Bridge } from '../main/contract/bridge.ts';
import type { AppEvent } from '../main/contract/events.ts';

contextBridge.exposeInMainWorld('otj', {
  call: (name, input) => ipcRenderer.invoke('otj:call', name, input),
  listen(hear) {
    const forward = (_event: IpcRendererEvent, events: readonly AppEvent[]) => hear(events);
    ipcRenderer.on('otj:events', forward);
    return () => void ipcRenderer.off('otj:events', forward);
  },
} satisfies Bridge);
