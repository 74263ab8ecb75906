/** The calls of the page, as counted by the client. */
import * as words from "../../model/words.js"
import { type Call, calls, counts } from "../../Wire.js"

export const WirePanel = () => {
  const { calls: count, merged, retries, replays, tokenRequests } = counts.value
  return (
    <details class="panel wire">
      <summary>
        <h2>On the wire</h2>
        <dl class="counts">
          <Count one="call" many="calls" value={count} />
          <Count one="merged query" many="merged queries" value={merged} />
          <Count one="retry" many="retries" value={retries} />
          <Count one="token renewal" many="token renewals" value={Math.max(tokenRequests - 1, 0)} />
          <Count
            one="call sent again with a new token"
            many="calls sent again with a new token"
            value={replays}
          />
        </dl>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users must be able to scroll. */}
      <section class="table-scroll" tabIndex={0} aria-label="The latest calls">
        <table>
          <thead>
            <tr>
              <th scope="col">Operation</th>
              <th scope="col">Response</th>
              <th scope="col" class="number">
                Sent again
              </th>
              <th scope="col" class="number">
                Time
              </th>
            </tr>
          </thead>
          <tbody>
            {calls.value.map((call) => (
              <tr key={call.id}>
                <th scope="row">{call.operation}</th>
                <td>{answerOf(call)}</td>
                <td class="number">{call.resent}</td>
                <td class="number">{words.count(call.milliseconds)} ms</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}

const answerOf = ({ status, error }: Call): string =>
  [status, error].filter((part) => part !== undefined).join(", ")

const Count = ({ one, many, value }: { one: string; many: string; value: number }) => (
  <div>
    <dt>{value === 1 ? one : many}</dt>
    <dd>{words.count(value)}</dd>
  </div>
)
