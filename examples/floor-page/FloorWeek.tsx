/** Shows the zones of a floor as a table. If there is no table, shows what the person can do. */
import type { PromiseClient } from "@innerspace-metrics/core"
import { useQuery } from "@tanstack/react-query"
import { type Floor, lastWeekOptions } from "./floor.js"

export const FloorWeek = ({
  metrics,
  floor,
  onSignIn
}: {
  readonly metrics: PromiseClient.PromiseMetricsClient
  readonly floor: Floor
  readonly onSignIn: () => void
}) => {
  const { data, error } = useQuery(lastWeekOptions(metrics, floor))
  // This error means that the person must sign in. All other errors go to the error boundary.
  if (error !== null) {
    return (
      <button type="button" onClick={onSignIn}>
        Sign in
      </button>
    )
  }
  if (data === undefined) return <p>Loading</p>
  // An empty result is not an error. The API hides rows that the person may not read, and a week is
  // published in the night after its end.
  if (data.length === 0) {
    return <p>No values: last week is not published yet, or you may not see this floor.</p>
  }
  return (
    <table>
      <caption>People on average, last week</caption>
      <tbody>
        {data.map(({ id, name, people }) => (
          <tr key={id}>
            <th>{name}</th>
            <td>{people?.toFixed(1) ?? "not measured"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
