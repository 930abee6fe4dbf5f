// Everything that is tried, in an order that lets the long ones begin first.
import { commandLines } from "./scenarios/commandLines.mjs";
import { protocol } from "./scenarios/protocol.mjs";
import { rails } from "./scenarios/rails.mjs";
import { tools } from "./scenarios/tools.mjs";

/** Each with a name, and with what to do on a stage. */
export function scenarios() {
  return [...tools(), ...rails(), ...protocol(), ...commandLines()];
}
