/** Shows a week as a table. The table is paler while another week is loading. */
import { type Day, dateOf, peopleOf } from "./metrics.js"

export const WeekTable = ({
  days,
  isLoading
}: {
  readonly days: ReadonlyArray<Day>
  readonly isLoading: boolean
}) => (
  <table aria-busy={isLoading} style={{ opacity: isLoading ? 0.5 : 1 }}>
    <caption>Most people at once</caption>
    <tbody>
      {days.map((day) => (
        <tr key={day.date_time_start.getTime()}>
          <th>{dateOf(day)}</th>
          <td>{peopleOf(day)}</td>
        </tr>
      ))}
    </tbody>
  </table>
)
