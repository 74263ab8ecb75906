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
    title: "Let the login expire",
    explanation:
      "The API no longer accepts this login. The page gets a new one by itself, and asks again.",
    requests: [{ path: "tokens/expire" }]
  },
  {
    title: "Sign out on another device",
    explanation: "This page is signed out too, and offers to sign in again. Its figures stay.",
    requests: [{ path: "sessions/end", body: {} }, { path: "tokens/expire" }]
  },
  {
    title: "Fail twice",
    explanation: "The server fails two times, and then works. The page tries again by itself.",
    requests: [{ path: "faults", body: { effect: { _tag: "Unavailable" }, times: 2 } }]
  },
  {
    title: "Break the server",
    explanation:
      "The server fails until you repair everything. Each figure says what to do, and keeps its data.",
    requests: [{ path: "faults", body: { effect: { _tag: "Unavailable" }, times: 1000 } }]
  },
  {
    title: "Ask the page to wait",
    explanation: "The server is busy for 90 seconds. The page counts down, and then tries again.",
    requests: [
      { path: "faults", body: { effect: { _tag: "RateLimited", retryAfter: 90 }, times: 1 } }
    ]
  },
  {
    title: "Respond slowly",
    explanation: "The next ten responses come three seconds late.",
    requests: [
      { path: "faults", body: { effect: { _tag: "Delay", milliseconds: 3000 }, times: 10 } }
    ]
  },
  {
    title: "Lose half of a response",
    explanation: "The connection breaks in the middle. The page tries again by itself.",
    requests: [{ path: "faults", body: { effect: { _tag: "CutBody" }, times: 1 } }]
  },
  {
    title: "Repair everything",
    explanation: "Everything works again.",
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
          <button type="button" class="button" onClick={close}>
            Close
          </button>
        </header>
        <p class="muted">
          Each button disturbs the sandbox, and then loads the data of the page again.
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
