/** The drawer in which a visitor injects faults into the sandbox, to see how the page reacts. */
import { useSignal } from "@preact/signals"
import { useEffect, useRef } from "preact/hooks"
import type { View } from "../View.js"

interface Trial {
  readonly title: string
  readonly explanation: string
  /** Requests to the sandbox's control endpoint, one after the other. */
  readonly requests: ReadonlyArray<{
    readonly path: string
    readonly body?: unknown
    readonly method?: "DELETE"
  }>
}

const trials: ReadonlyArray<Trial> = [
  {
    title: "Expire the token",
    explanation:
      "The API rejects the token in use. The client gets another one and sends the request again.",
    requests: [{ path: "tokens/expire" }]
  },
  {
    title: "Sign out elsewhere",
    explanation: "The session ends and the token expires, as after a sign-out on another device.",
    requests: [{ path: "sessions/end", body: {} }, { path: "tokens/expire" }]
  },
  {
    title: "Two errors, then success",
    explanation: "Status 503, twice. The client retries.",
    requests: [{ path: "faults", body: { effect: { _tag: "Unavailable" }, times: 2 } }]
  },
  {
    title: "Break the server",
    explanation:
      "Status 503 until you repair everything. A panel that fails says what to do, and keeps its data.",
    requests: [{ path: "faults", body: { effect: { _tag: "Unavailable" }, times: 1000 } }]
  },
  {
    title: "Limit the rate",
    explanation:
      "Status 429 with a wait of 90 seconds, longer than the deadline of a call. The page counts down.",
    requests: [
      { path: "faults", body: { effect: { _tag: "RateLimited", retryAfter: 90 }, times: 1 } }
    ]
  },
  {
    title: "Slow responses",
    explanation: "The next ten responses are three seconds late.",
    requests: [
      { path: "faults", body: { effect: { _tag: "Delay", milliseconds: 3000 }, times: 10 } }
    ]
  },
  {
    title: "Cut a response in half",
    explanation: "The connection breaks in the middle of a response. The client retries.",
    requests: [{ path: "faults", body: { effect: { _tag: "CutBody" }, times: 1 } }]
  },
  {
    title: "Repair everything",
    explanation: "Removes all faults.",
    requests: [{ path: "faults", method: "DELETE" }]
  }
]

interface Properties {
  readonly view: View
  readonly controlUrl: string
}

export const WhatIf = ({ view, controlUrl }: Properties) => {
  const isOpen = useSignal(false)
  const said = useSignal("")
  const opener = useRef<HTMLButtonElement>(null)

  const close = () => {
    isOpen.value = false
    opener.current?.focus()
  }
  useEffect(() => {
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && isOpen.peek()) close()
    }
    addEventListener("keydown", closeByKey)
    return () => removeEventListener("keydown", closeByKey)
  }, [])
  const ask = ({ path, body, method }: Trial["requests"][number]) =>
    fetch(`${controlUrl}/_sandbox/${path}`, {
      method: method ?? "POST",
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    }).then(
      ({ ok }) => ok,
      () => false
    )
  const run = async ({ title, requests }: Trial) => {
    let isDone = true
    for (const request of requests) isDone = (await ask(request)) && isDone
    said.value = isDone ? `Done: ${title}.` : `The sandbox rejected the request: ${title}.`
    view.reload("all")
  }

  return (
    <>
      <button
        type="button"
        class="button"
        ref={opener}
        aria-expanded={isOpen.value}
        aria-controls="what-if"
        onClick={() => {
          isOpen.value = !isOpen.value
        }}
      >
        What if
      </button>
      <aside id="what-if" class="drawer" aria-label="What if" hidden={!isOpen.value}>
        <header>
          <h2>What if</h2>
          <button type="button" class="button button-quiet" onClick={close}>
            Close
          </button>
        </header>
        <p class="muted">
          Each button changes the sandbox, and then loads the data of the page again.
        </p>
        <p role="status" class="drawer-status">
          {said.value}
        </p>
        <ul>
          {trials.map((trial) => (
            <li key={trial.title}>
              <button type="button" class="button" onClick={() => run(trial)}>
                {trial.title}
              </button>
              <p>{trial.explanation}</p>
            </li>
          ))}
        </ul>
      </aside>
    </>
  )
}
