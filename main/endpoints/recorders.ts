/** Which families can be recorded. */
import type { DrivenFamily } from '../contract/plan.ts';
import { codecRecorder } from './cisco/record/recorder.ts';
import { polyRecorder } from './poly/record/recorder.ts';
import type { Recorder } from './record/recorder.ts';

export const RECORDERS: Record<DrivenFamily, Recorder> = {
  'cisco-roomos': codecRecorder,
  'poly-videoos': polyRecorder('poly-videoos'),
  'poly-group': polyRecorder('poly-group'),
  'poly-trio': polyRecorder('poly-trio'),
};
