/** The English texts. They are in the first load, so that there is always something to say, and their keys are types. */
import charts from '../locales/en/charts.json';
import checks from '../locales/en/checks.json';
import common from '../locales/en/common.json';
import console from '../locales/en/console.json';
import discover from '../locales/en/discover.json';
import errors from '../locales/en/errors.json';
import frame from '../locales/en/frame.json';
import infinity from '../locales/en/infinity.json';
import listProblems from '../locales/en/listProblems.json';
import mailboxes from '../locales/en/mailboxes.json';
import match from '../locales/en/match.json';
import microsoft from '../locales/en/microsoft.json';
import palette from '../locales/en/palette.json';
import places from '../locales/en/places.json';
import report from '../locales/en/report.json';
import results from '../locales/en/results.json';
import room from '../locales/en/room.json';
import rooms from '../locales/en/rooms.json';
import run from '../locales/en/run.json';
import settings from '../locales/en/settings.json';
import signIn from '../locales/en/signIn.json';
import start from '../locales/en/start.json';
import states from '../locales/en/states.json';
import steps from '../locales/en/steps.json';
import sync from '../locales/en/sync.json';
import tour from '../locales/en/tour.json';

export const ENGLISH = {
  charts,
  checks,
  common,
  console,
  discover,
  errors,
  frame,
  infinity,
  listProblems,
  mailboxes,
  match,
  microsoft,
  palette,
  places,
  report,
  results,
  room,
  rooms,
  run,
  settings,
  signIn,
  start,
  states,
  steps,
  sync,
  tour,
};

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: typeof ENGLISH;
    returnNull: false;
  }
}
