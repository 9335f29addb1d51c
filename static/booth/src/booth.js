// The booth: opens the election that the address names.
import { open } from "./app/flow.js";

open();
