/** Responds to every query with the rows of the vendor's documented query. */
import { answerRows } from "../clients/shared/weekly.js"
import { serve } from "../measurement/server.js"

const rows = JSON.stringify({ data: { building_features: answerRows } })

serve((_body, respond) => respond(rows))
