import type { Form } from "./form.ts";
import { airspaceOrSeaClosure } from "./shipped/airspace-or-sea-closure.ts";
import { cyberIncidentInquiry, nuclearOrRadiological, searchAndRescueSitrep } from "./shipped/emergencies.ts";
import { accidentOrUnauthorisedAct, airSeaEncounter, unidentifiedObjectOrIncident } from "./shipped/encounters.ts";
import { humanitarianMovement, humanitarianStaticSite } from "./shipped/humanitarian.ts";
import { ballisticMissileOrSpaceLaunch, balloonOrAirshipOverflight } from "./shipped/launches.ts";
import { lineTest, requestForExplanation, suspensionOrResumption } from "./shipped/line.ts";
import { liveTrainingShortNotice } from "./shipped/live-training-short-notice.ts";
import { majorMilitaryActivity, meetingProposal } from "./shipped/military-activity.ts";

/** Every form that comes with the software, in the order of docs/spec/forms.md. */
export const shippedForms: readonly Form[] = [
  ballisticMissileOrSpaceLaunch,
  majorMilitaryActivity,
  liveTrainingShortNotice,
  airSeaEncounter,
  unidentifiedObjectOrIncident,
  accidentOrUnauthorisedAct,
  nuclearOrRadiological,
  searchAndRescueSitrep,
  airspaceOrSeaClosure,
  cyberIncidentInquiry,
  humanitarianMovement,
  humanitarianStaticSite,
  requestForExplanation,
  meetingProposal,
  suspensionOrResumption,
  balloonOrAirshipOverflight,
  lineTest,
];

const byId: ReadonlyMap<string, Form> = new Map(shippedForms.map((form) => [form.id, form]));

/** The shipped form with this id; `undefined` = its completeness is not checked. */
export const formById = (id: string): Form | undefined => byId.get(id);
