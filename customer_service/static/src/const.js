/** The model whose conversations this app shows in its own way. */
export const CASE_MODEL = "customer.service.case";

/** Event on the bus of the web client: open the composer of a case. */
export const COMPOSE_EVENT = "CUSTOMER_SERVICE:COMPOSE";

/** Event on the bus of the web client: an answer to a case, held until now, has left. */
export const SENT_EVENT = "CUSTOMER_SERVICE:SENT";

/** The model of the time that an agent's clock measures. */
export const HANDLING_MODEL = "customer.service.handling";

/** Message of the server on the bus: what the agent's clock shows has changed. */
export const CLOCK_EVENT = "customer_service.clock";
