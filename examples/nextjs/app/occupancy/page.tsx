/** A page of Next.js: `app/occupancy/page.tsx`. The HTML of the page contains the rows. */
import { Occupancy } from "./Occupancy"
import { prefetch } from "./prefetch"

// Without this line, `next build` would render the page once and keep its rows.
export const dynamic = "force-dynamic"

export default async function Page() {
  return <Occupancy state={await prefetch("2024-03")} />
}
